import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import { canMatchNothing } from '../../../../src/lib/logs/ripgrep/can-match-nothing.ts';

function canMatch(pattern: string, options = {}): boolean {
  return compilePatterns([pattern], options).rust.some((rust) => canMatchNothing(rust));
}

test.each([
  '',
  '()',
  'x*',
  'a||b',
  '^',
  '\\b',
  '(?:a|b?)(c|)',
  '(a+){0,3}',
  '(foo)?',
  '(?i)x{0}',
  'a{0,2}?',
  '\\<',
  '(^|a)$',
])('%j can match nothing', (pattern) => expect(canMatch(pattern)).toBe(true));

test.each([
  'x',
  'x+',
  'a|b',
  '(a*)b',
  '\\*',
  '\\|',
  '[|*?]',
  '[^a]',
  'a{2,}?',
  '(a|b){3}',
  '\\^',
  'x?y',
  '(x*|y)z',
  '\\{0\\}',
  '\\x00',
  '\\)a',
  '.',
  '\\s',
])('%j matches a byte or more', (pattern) => expect(canMatch(pattern)).toBe(false));

test('what is searched for as it stands has no signs', () => {
  expect(canMatch('(x)*', { fixed: true })).toBe(false);
  expect(canMatch('', { fixed: true })).toBe(true);
});

test('no pattern that matches nothing somewhere is taken for one that does not', () => {
  const leaf = fc.constantFrom('a', '', '[ab]', '^', '$', '\\b', '\\*', '.', '\\x7B');
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.tuple(tie('tree'), tie('tree')).map(([one, other]) => `(${one})(?:${other})`),
      fc.tuple(tie('tree'), tie('tree')).map(([one, other]) => `${one}|${other}`),
      fc
        .tuple(tie('tree'), fc.constantFrom('*', '+', '?', '*?', '{0}', '{2}', '{0,2}?', '{1,}'))
        .map(([part, count]) => `(${part})${count}`),
    ),
  }));
  const places = ['', 'a', ' ', 'b a'].map((text) => Buffer.from(text));
  const { counterexample } = fc.check(
    fc.property(tree, (pattern) => {
      const { find } = compilePatterns([pattern]);
      const isNothing = (bytes: Buffer, from: number): boolean => {
        const match = find(bytes, 0, bytes.length, from);
        return match !== undefined && match.start === match.end;
      };
      const matchesNothing = places.some((bytes) =>
        [0, ...bytes.keys(), bytes.length].some((at) => isNothing(bytes, at)),
      );
      return !matchesNothing || canMatch(pattern);
    }),
    { numRuns: 300 },
  );
  expect(counterexample).toBeNull();
});

import { createContext, runInContext } from 'node:vm';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRegularExpression } from '../../../src/lib/rules/regular-expression.ts';

test.for([
  ['/var', '/var', true],
  ['/var', '/var/lib', false],
  ['var', '/var', false],
  ['/var(/.*)?', '/var/lib/x', true],
  ['/var(/.*)?', '/variable', false],
  ['tmpfs|ext[234]', 'ext4', true],
  ['tmpfs|ext[234]', 'ext5', false],
  ['sd[a-z]\\d+', 'sda12', true],
  ['sd[a-z]\\d+', 'sda', false],
  ['[^/]+', 'eth0', true],
  ['[^/]+', 'a/b', false],
  ['[]a]+', ']a', true],
  ['[a-]+', '-a', true],
  ['a{2,3}', 'aa', true],
  ['a{2,3}', 'aaaa', false],
  ['a{2,}', 'aaaaa', true],
  ['a{2}', 'aaa', false],
  ['a{0}', '', true],
  ['a.c', 'a\nc', true],
  ['^a$', 'a', true],
  ['a^b', 'ab', false],
  ['(?:a|b)+?', 'abba', true],
  ['\\.\\*\\\\', '.*\\', true],
  ['a\\tb\\nc', 'a\tb\nc', true],
  ['.', '😀', true],
  ['[😀-😂]', '😁', true],
  ['', '', true],
  ['', 'x', false],
  ['a||b', '', true],
] as const)('%j against %j: %s', ([pattern, text, expected]) => {
  expect(compileRegularExpression(pattern)(text)).toBe(expected);
});

test.for([
  ['(a', '( without its )'],
  ['a)', ') without its ('],
  ['[a', '[ without its ]'],
  ['[', '[ without its ]'],
  ['[b-a]', 'no range'],
  ['[\\d-x]', 'no range'],
  ['[[:alpha:]]', 'names a class'],
  ['*', 'nothing before it'],
  ['a|+', 'nothing before it'],
  ['a**', 'repeats a repetition'],
  ['a{2}{3}', 'repeats a repetition'],
  ['a{3,2}', 'no repetition'],
  ['a{x}', 'no repetition'],
  ['(?=a)', 'only (?: is known'],
  ['(?<x>a)', 'only (?: is known'],
  ['(a)\\1', '\\1, which is not known'],
  ['\\bword', '\\b, which is not known'],
  ['\\', 'lone backslash'],
  ['a'.repeat(257), 'longer than 256'],
  ['(a{500}){500}', 'too large'],
  ['((((a{9}){9}){9}){9}){9}', 'too large'],
] as const)('%j is refused: %s', ([pattern, message]) => {
  expect(() => compileRegularExpression(pattern)).toThrow(SyntaxError);
  expect(() => compileRegularExpression(pattern)).toThrow(message);
});

test.for([
  '(a*)*b',
  '(a|a)*b',
  '(a+)+$',
  '(.*a){20}',
  '.*.*.*.*.*.*.*.*x',
  '((((){999}){999}){999}){999}',
  '(a?){300}a{300}',
])('%s does not hang on a long text that nearly matches', (pattern) => {
  const start = performance.now();
  const matches = compileRegularExpression(pattern);
  expect(matches('a'.repeat(5000))).toBe(pattern.startsWith('(a+') || pattern === '(.*a){20}');
  expect(performance.now() - start).toBeLessThan(5000);
});

const apart = createContext({});

/** What JavaScript's own says of these texts; undefined where it would search for minutes, as it does for some patterns. */
function askOracle(source: string, texts: readonly string[]): boolean[] | undefined {
  const expression = `new RegExp(${JSON.stringify(`^(?:${source})$`)}, 'su')`;
  const script = `JSON.stringify(${JSON.stringify(texts)}.map((text) => ${expression}.test(text)))`;
  try {
    return JSON.parse(String(runInContext(script, apart, { timeout: 200 }))) as boolean[];
  } catch (error) {
    // The error belongs to the other context, so it is no instance of our Error.
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}

/** Undefined for what is refused because it is too large. */
function compileSmall(source: string): ((text: string) => boolean) | undefined {
  try {
    return compileRegularExpression(source);
  } catch (error) {
    if (error instanceof SyntaxError && error.message.startsWith('it is too large')) return undefined;
    throw error;
  }
}

test("agrees with JavaScript's own on what both know", () => {
  // Without ^: V8 answers wrongly where one follows a character, /^(?:(?:.*?a^|)\.)$/s does not match '.' there.
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '[a-c]', '\\d', '\\w', '\\.', '$', '');
  const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{0,1}', '*?', '{2,}');
  const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
    piece: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(atom, quantifier).map(([text, times]) => (/^[\^$]?$/.test(text) ? text : text + times)),
      fc.tuple(tie('pattern'), quantifier).map(([group, times]) => `(${group})${times}`),
      fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(?:${left}|${right})`),
    ),
    pattern: fc.array(tie('piece'), { maxLength: 4 }).map((pieces) => pieces.join('')),
  }));
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '.'), maxLength: 6 });
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 5 }), (source, texts) => {
      fc.pre(source.length <= 120);
      const [expected, matches] = [askOracle(source, texts), compileSmall(source)];
      fc.pre(expected !== undefined && matches !== undefined);
      expect(texts.map((one) => matches(one))).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesGlob } from '../../../src/lib/text/glob.ts';

test.each([
  ['web-*', 'web-1', true],
  ['web-*', 'web-', true],
  ['web-*', 'db-1', false],
  ['web-?', 'web-12', false],
  ['WEB-1', 'web-1', true],
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['?', '', false],
  ['?', '😀', true],
  ['*.example', 'a.b.example', true],
  ['a.c', 'abc', false],
  ['[ab]', 'a', false],
  ['[ab]', '[ab]', true],
  ['*', 'line\nfeed', true],
])('%j and %j: %s', (glob, name, fits) => {
  expect(matchesGlob(glob, name)).toBe(fits);
});

test('it says what a regular expression of the same meaning says', () => {
  const text = (letters: readonly string[], most: number) =>
    fc.array(fc.constantFrom(...letters), { maxLength: most }).map((parts) => parts.join(''));
  const globs = text(['*', '*', '?', 'a', 'b', 'B', '.', '\\', '[', ']', '(', '+', '$', '-', '\n', '😀'], 8);
  const names = text(['a', 'A', 'b', 'c', '.', '\\', '[', ']', '(', '+', '$', '-', '\n', '😀'], 8);
  fc.assert(
    fc.property(globs, names, (glob, name) => {
      expect(matchesGlob(glob, name)).toBe(asRegularExpression(glob).test(name));
    }),
    { numRuns: 5000 },
  );
  // Names that fit by luck are rare, so these are made from the glob.
  fc.assert(
    fc.property(globs, names, (glob, filling) => {
      const name = glob.replaceAll('*', filling).replaceAll('?', 'c');
      expect(matchesGlob(glob, name)).toBe(asRegularExpression(glob).test(name));
    }),
    { numRuns: 5000 },
  );
});

test('a glob of many stars takes no time against a name that nearly fits', () => {
  const started = performance.now();
  expect(matchesGlob('a*'.repeat(5000) + 'b', 'a'.repeat(10_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(5000);
});

function asRegularExpression(glob: string): RegExp {
  const parts = Array.from(glob).map((character) => {
    if (character === '*') return '.*';
    return character === '?' ? '.' : character.replace(/[\\^$.|+()[\]{}/]/, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'isu');
}

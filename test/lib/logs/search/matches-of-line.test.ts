import { expect, test } from 'vitest';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import { matchesOfLine } from '../../../../src/lib/logs/search/matches-of-line.ts';

function matches(pattern: string, line: string, isForShow = false): string[] {
  const bytes = Buffer.from(line);
  return Array.from(matchesOfLine(compilePatterns([pattern]), bytes, 0, bytes.length, isForShow), ({ start, end }) =>
    bytes.toString('utf8', start, end),
  );
}

test('the matches come from left to right, without those of no bytes', () => {
  expect(matches('[0-9]*', 'a1bb22')).toEqual(['1', '22']);
  expect(matches('$', 'abc')).toEqual([]);
});

test('a pattern that looks at the rest of a long line again and again is named instead of taking minutes', () => {
  const line = 'a'.repeat(100_000);
  expect(() => matches('a.*b|a', line)).toThrow(/the matches of 'a\.\*b\|a' take too long/);
  expect(matches('a.*b|a', line, true).length).toBeGreaterThan(100);
});

test('a long line with many matches is no reason to stop', () => {
  expect(matches('[0-9]+', '1 '.repeat(500_000))).toHaveLength(500_000);
});

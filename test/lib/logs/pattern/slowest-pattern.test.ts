import { expect, test } from 'vitest';
import { slowestPattern } from '../../../../src/lib/logs/pattern/slowest-pattern.ts';

const seconds = (): number => performance.now() / 1000;
/** Letters a and b in no order that a pattern could learn. */
const sample = Buffer.from(
  Array.from({ length: 16_000 }, (_, index) => 'ab'[(Math.imul(index, 2_654_435_761) >>> 13) & 1]).join(''),
);

test('names the pattern whose every byte makes a new state', () => {
  const patterns = ['ERROR', 'abba.*7', 'a[ab]{900}c', '[0-9]+ b'];
  expect(slowestPattern(patterns, {}, sample, seconds)).toBe('a[ab]{900}c');
  expect(slowestPattern(patterns.toReversed(), { ignoreCase: true }, sample, seconds)).toBe('a[ab]{900}c');
});

test('goes by the clock that it is given', () => {
  const times = [0, 1, 1, 3, 3, 4];
  expect(slowestPattern(['a', 'b', 'c'], {}, sample, () => times.shift()!)).toBe('b');
});

test('is done soon, however slow the patterns and however large the sample', () => {
  const patterns = Array.from({ length: 20 }, (_, index) => `a[ab]{${900 + index}}c`);
  const started = seconds();
  expect(patterns).toContain(slowestPattern(patterns, {}, Buffer.alloc(50 << 20, 'ab'), seconds));
  expect(seconds() - started).toBeLessThan(10);
});

test('has no pattern to name when there is none', () => {
  expect(slowestPattern([], {}, sample, seconds)).toBe('');
  expect(slowestPattern(['a'], {}, Buffer.alloc(0), seconds)).toBe('a');
});

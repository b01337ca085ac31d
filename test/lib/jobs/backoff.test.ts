import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffSeconds } from '../../../src/lib/jobs/backoff.ts';

test('the longest wait doubles up to the bound', () => {
  const longest = [1, 2, 3, 4, 5, 6, 2000].map((attempt) =>
    backoffSeconds(attempt, { fromSeconds: 30, toSeconds: 600 }, () => 1),
  );
  expect(longest).toEqual([60, 120, 240, 480, 600, 600, 600]);
});

test('the shortest wait is always the first one', () => {
  expect(backoffSeconds(5, { fromSeconds: 30, toSeconds: 600 }, () => 0)).toBe(30);
});

test('a wait of no range is that wait', () => {
  expect(backoffSeconds(3, { fromSeconds: 60, toSeconds: 60 }, () => 0.9)).toBe(60);
  expect(backoffSeconds(3, { fromSeconds: 0, toSeconds: 600 }, () => 0.9)).toBe(0);
});

test('it is always within what was asked for', () => {
  const seconds = fc.integer({ min: 0, max: 100_000 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), seconds, seconds, random, (attempt, one, other, drawn) => {
      const [fromSeconds, toSeconds] = [Math.min(one, other), Math.max(one, other)];
      const wait = backoffSeconds(attempt, { fromSeconds, toSeconds }, () => drawn);
      expect(wait).toBeGreaterThanOrEqual(fromSeconds);
      expect(wait).toBeLessThanOrEqual(toSeconds);
    }),
  );
});

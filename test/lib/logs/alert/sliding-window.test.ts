import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSlidingWindow } from '../../../../src/lib/logs/alert/sliding-window.ts';

function peakOf(perSeconds: number, times: readonly number[]) {
  const window = createSlidingWindow(perSeconds);
  for (const time of times) window.add(time);
  return window.peak();
}

/** The definition itself, in the square of the time. */
function slowPeak(perSeconds: number, times: readonly number[]) {
  const counts = times.map((start) => times.filter((time) => time >= start && time < start + perSeconds * 1000).length);
  const count = Math.max(0, ...counts);
  return count === 0 ? { count, exact: true } : { count, startMs: times[counts.indexOf(count)]!, exact: true };
}

test('times exactly one period apart are not in one window', () => {
  expect(peakOf(5, [0, 5000])).toEqual({ count: 1, startMs: 0, exact: true });
  expect(peakOf(5, [0, 4999])).toEqual({ count: 2, startMs: 0, exact: true });
});

test('any ascending times have the peak that the definition says', () => {
  const times = fc
    .array(fc.integer({ min: 0, max: 3000 }), { maxLength: 400 })
    .map((list) => list.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(times, fc.constantFrom(0.001, 0.1, 0.25, 1, 100), (list, perSeconds) => {
      expect(peakOf(perSeconds, list)).toEqual(slowPeak(perSeconds, list));
    }),
    { numRuns: 300 },
  );
});

test('a window with more times than are remembered is short by a little, never too large, and says so', () => {
  // One each millisecond, so that an hour has exactly 3,600,000.
  const window = createSlidingWindow(3600);
  for (let time = 0; time < 4_000_000; time++) window.add(time);
  const { count, exact } = window.peak();
  expect(exact).toBe(false);
  expect(count).toBeLessThanOrEqual(3_600_000);
  expect(count).toBeGreaterThan(3_600_000 * (1 - 1 / 30_000));
});

test('a million times within one minute are counted exactly', () => {
  const window = createSlidingWindow(60);
  for (let time = 0; time < 1_000_000; time++) window.add(time / 20);
  expect(window.peak()).toEqual({ count: 1_000_000, startMs: 0, exact: true });
});

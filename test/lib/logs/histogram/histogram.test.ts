import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketStart, bucketOf } from '../../../../src/lib/logs/histogram/bucket-sizes.ts';
import { createHistogram, type HistogramOptions } from '../../../../src/lib/logs/histogram/histogram.ts';

const at = (text: string): number => Date.parse(text);

function count(options: HistogramOptions, times: readonly (number | string)[]) {
  const histogram = createHistogram(options);
  for (const time of times) histogram.add(typeof time === 'string' ? at(time) : time);
  return histogram.result();
}

test('without a time and without a window there is nothing to show', () => {
  expect(count({ columns: 10 }, [])).toBeUndefined();
  expect(count({ columns: 10 }, [Number.NaN])).toBeUndefined();
});

test('a few seconds are seconds, and the gaps between them are zeros', () => {
  expect(
    count({ columns: 10 }, ['2026-11-20T10:00:05Z', '2026-11-20T10:00:02.900Z', '2026-11-20T10:00:05.5Z']),
  ).toEqual({ bucketSeconds: 1, startMs: at('2026-11-20T10:00:02Z'), counts: [1, 0, 0, 2], outside: 0 });
});

test.each([
  ['2026-11-20T10:00:00Z', '2026-11-20T10:00:39Z', 10, 5],
  ['2026-11-20T10:00:00Z', '2026-11-20T10:29:59Z', 30, 60],
  ['2026-11-20T10:00:00Z', '2026-11-20T10:30:00Z', 30, 300],
  ['2026-11-20T00:00:00Z', '2026-11-20T23:59:59Z', 24, 3600],
  ['2026-11-20T00:00:00Z', '2026-11-20T23:59:59Z', 60, 1800],
  ['2026-11-01T00:00:00Z', '2026-11-30T23:59:59Z', 40, 86_400],
  ['2026-01-05T00:00:00Z', '2026-12-27T23:59:59Z', 60, 604_800],
  ['1970-01-01T00:00:00Z', '2026-12-31T23:59:59Z', 60, 52 * 604_800],
])('from %s to %s in %i columns the bucket is %i s, told beforehand or not', (since, until, columns, bucketSeconds) => {
  const window = { sinceMs: at(since), untilMs: at(until) + 1 };
  expect(count({ columns, ...window }, [])?.bucketSeconds).toBe(bucketSeconds);
  expect(count({ columns }, [since, until])?.bucketSeconds).toBe(bucketSeconds);
  expect(count({ columns }, [until, since])?.bucketSeconds).toBe(bucketSeconds);
});

test('a window is shown whole, and what is outside of it is counted apart', () => {
  const window = { sinceMs: at('2026-11-20T10:00:00Z'), untilMs: at('2026-11-20T10:10:00Z'), columns: 10 };
  const times = ['2026-11-20T10:05:30Z', '2026-11-20T09:59:59Z', '2026-11-20T10:10:00Z', Number.NaN, Infinity];
  expect(count(window, times)).toEqual({
    bucketSeconds: 60,
    startMs: window.sinceMs,
    counts: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
    outside: 4,
  });
  expect(count({ columns: 5, sinceMs: 2000, untilMs: 1000 }, [1500])).toBeUndefined();
});

test('a week begins on Monday and a day at midnight in UTC', () => {
  const days = Array.from({ length: 60 }, (_, day) => at('2026-10-01T12:00:00Z') + day * 86_400_000);
  const result = count({ columns: 20 }, days);
  expect(new Date(result!.startMs).toUTCString()).toBe('Mon, 28 Sep 2026 00:00:00 GMT');
  expect(result!.counts).toEqual([4, 7, 7, 7, 7, 7, 7, 7, 7]);
});

test('a clock that jumps over decades costs resolution, never a count and never more memory', () => {
  const result = count({ columns: 1 }, [
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:00:00Z',
    '1969-12-31T00:00:00Z',
    0,
    1e15,
  ]);
  expect(result!.counts).toEqual([4]);
  expect(result!.outside).toBe(1);
});

test('any times in any order give what a plain count of the same buckets gives', () => {
  const time = fc.oneof(
    fc.integer({ min: 0, max: 100_000 }),
    fc.integer({ min: 1_700_000_000_000, max: 1_700_100_000_000 }),
    fc.integer({ min: -10_000_000_000_000, max: 10_000_000_000_000 }),
  );
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (times, columns) => {
      const { bucketSeconds, startMs, counts, outside } = count({ columns }, times)!;
      expect(counts.length).toBeLessThanOrEqual(columns);
      expect(outside).toBe(0);
      const expected = counts.map((_, index) => {
        const start = startMs + index * bucketSeconds * 1000;
        return times.filter((each) => each >= start && each < start + bucketSeconds * 1000).length;
      });
      expect(counts).toEqual(expected);
      expect(counts.reduce((sum, each) => sum + each, 0)).toBe(times.length);
      expect(bucketStart(bucketOf(Math.min(...times), bucketSeconds), bucketSeconds)).toBe(startMs);
      expect(counts.at(-1)).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

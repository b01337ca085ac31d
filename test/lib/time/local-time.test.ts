import fc from 'fast-check';
import { expect, test } from 'vitest';
import { daysInMonth, localTimeOfSeconds, secondsOfLocalTime, weekdayOf } from '../../../src/lib/time/local-time.ts';

/** Date's calendar, but for the months at its ends, which Date has in part only. */
const moments = fc.integer({ min: -8.63e12, max: 8.63e12 });

test('the calendar is that of Date in every year', () => {
  fc.assert(
    fc.property(moments, (seconds) => {
      const date = new Date(seconds * 1000);
      const local = localTimeOfSeconds(seconds);
      expect(local).toEqual({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
      });
      expect(secondsOfLocalTime(local)).toBe(seconds);
      expect(weekdayOf(local)).toBe(date.getUTCDay());
      expect(daysInMonth(local.year, local.month)).toBe(
        new Date(new Date(0).setUTCFullYear(local.year, local.month, 0)).getUTCDate(),
      );
    }),
    { numRuns: 2000 },
  );
});

test('each day of four centuries follows the one before it', () => {
  const date = new Date(Date.UTC(1700, 0, 1));
  const wrong: string[] = [];
  for (let seconds = Date.UTC(1700, 0, 1) / 1000; seconds < Date.UTC(2101, 0, 1) / 1000; seconds += 86_400) {
    const { year, month, day } = localTimeOfSeconds(seconds);
    if (year !== date.getUTCFullYear() || month !== date.getUTCMonth() + 1 || day !== date.getUTCDate()) {
      wrong.push(date.toISOString());
    }
    date.setUTCDate(date.getUTCDate() + 1);
  }
  expect(wrong).toEqual([]);
});

test('a fraction stays with the second, also before 1970', () => {
  expect(localTimeOfSeconds(0.25)).toMatchObject({ year: 1970, second: 0.25 });
  expect(localTimeOfSeconds(-0.25)).toMatchObject({ year: 1969, minute: 59, second: 59.75 });
});

test.each([
  [2023, 28],
  [2024, 29],
  [1900, 28],
  [2000, 29],
])('February %d has %d days', (year, days) => {
  expect(daysInMonth(year, 2)).toBe(days);
});

test('day 0 is the last of the month before, and hour 24 is the next day', () => {
  const day = { year: 2024, month: 3, day: 0, hour: 24, minute: 0, second: 0 };
  expect(localTimeOfSeconds(secondsOfLocalTime(day))).toMatchObject({ month: 3, day: 1, hour: 0 });
});

test('what is not a number gives fields that are none, not an endless loop', () => {
  expect(localTimeOfSeconds(Number.NaN).year).toBeNaN();
  expect(localTimeOfSeconds(Number.POSITIVE_INFINITY).year).toBeNaN();
});

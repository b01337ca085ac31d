import { expect, test } from 'vitest';
import { weeklyBoundaries } from '../../../src/lib/schedule/weekly-boundaries.ts';

test('the moments of the week are told from Sunday on, for each day on which it switches', () => {
  expect(weeklyBoundaries({ off: 'Fri 19:00 - Mon 07:00' })).toEqual([
    { weekday: 1, minute: 420, to: 'on' },
    { weekday: 5, minute: 1140, to: 'off' },
  ]);
  expect(weeklyBoundaries({ off: 'weekend' })).toEqual([
    { weekday: 1, minute: 0, to: 'on' },
    { weekday: 6, minute: 0, to: 'off' },
  ]);
  expect(weeklyBoundaries({ on: 'Sat 12:00 - 24:00' })).toEqual([
    { weekday: 0, minute: 0, to: 'off' },
    { weekday: 6, minute: 720, to: 'on' },
  ]);
});

test('the two ways to write one schedule have the same moments', () => {
  const boundaries = weeklyBoundaries({ off: 'nights,weekend' });
  expect(boundaries).toEqual(weeklyBoundaries({ on: 'office-hours' }));
  expect(boundaries).toEqual(
    [1, 2, 3, 4, 5].flatMap((weekday) => [
      { weekday, minute: 420, to: 'on' },
      { weekday, minute: 1140, to: 'off' },
    ]),
  );
});

test('mistakes are those of the words', () => {
  expect(() => weeklyBoundaries({ off: 'weeknd' })).toThrow('column 1');
  expect(() => weeklyBoundaries({})).toThrow('either when it is off or when it is on');
});

import { expect, test } from 'vitest';
import { shortTimes } from '../../../src/views/logs-grep/short-times.ts';

const day = ['2026-11-20T02:14:07.123+01:00', '2026-11-20T02:19:55+01:00'];
const days = ['2026-11-19T23:59:59Z', '2026-11-20T00:00:00Z'];
const years = ['2025-12-31T23:59:59.5+00:00', '2026-01-01T00:00:00+00:00'];
/** The hour that the clock has twice. */
const clockBack = ['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00'];

test.each([
  [day, ['02:14:07', '02:19:55']],
  [days, ['11-19 23:59:59', '11-20 00:00:00']],
  [years, ['2025-12-31 23:59:59', '2026-01-01 00:00:00']],
  [clockBack, ['02:30:00+02:00', '02:30:00+01:00']],
  [
    [day[0]!, 'never'],
    ['02:14:07', 'never'],
  ],
])('%j are %j each by itself', (times, shown) => {
  expect(times.map((time) => shortTimes(times).show(time))).toEqual(shown);
});

test.each([
  [day, ['2026-11-20 02:14:07', '           02:19:55']],
  [days, ['2026-11-19 23:59:59', '2026-11-20 00:00:00']],
  [clockBack, ['2026-10-25 02:30+02:00', '           02:30+01:00']],
  [
    ['2026-11-19T00:00:00Z', '2026-11-20T00:00:00Z'],
    ['2026-11-19', '2026-11-20'],
  ],
  [
    ['+012026-11-19T22:00:00Z', '+012026-11-19T23:00:00Z'],
    ['+012026-11-19 22:00', '              23:00'],
  ],
  [['never'], ['never']],
])('%j are %j one below the other', (times, shown) => {
  expect(shortTimes(times).column(times)).toEqual(shown);
});

test.each([
  [day, { day: '2026-11-20', zone: 'UTC+01:00' }],
  [days, { zone: 'UTC' }],
  [years, { zone: 'UTC' }],
  [clockBack, { day: '2026-10-25' }],
  [[], {}],
  [['never'], {}],
])('what is left out of %j is told: %j', (times, shared) => {
  const { show: _, column: __, ...rest } = shortTimes(times);
  expect(rest).toEqual(shared);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLocalClock } from '../../../../src/lib/logs/time/local-clock.ts';
import { localTimeOfSeconds } from '../../../../src/lib/time/local-time.ts';
import { openZone } from '../../../../src/lib/time/zone.ts';
import { contextOf, readAs } from './read-line.ts';

const berlin = contextOf('Europe/Berlin');

test('a local time that is repeated is the earlier one when nothing else is known', () => {
  expect(readAs('iso', '2026-10-25 02:30:00 x', berlin)).toBe('2026-10-25T00:30:00.000Z');
});

test.each([
  ['the same time', '2026-10-25T00:30:00Z', '2026-10-25T00:30:00.000Z'],
  ['a line five minutes ahead, which is disorder', '2026-10-25T00:35:00Z', '2026-10-25T00:30:00.000Z'],
  ['a line further ahead, so that the clocks were put back', '2026-10-25T00:36:00Z', '2026-10-25T01:30:00.000Z'],
  ['a line after the repetition', '2026-10-25T01:29:59Z', '2026-10-25T01:30:00.000Z'],
])('a local time that is repeated is told by the line before: %s', (_, after, expected) => {
  expect(readAs('iso', '2026-10-25 02:30:00 x', berlin, Date.parse(after))).toBe(expected);
});

test('the hour in which the clocks are put back is read forwards without a step back', () => {
  const format = ['01:58', '02:00', '02:20', '02:40', '02:59', '02:01', '02:20', '02:40', '02:59', '03:00'];
  let after: number | undefined;
  const times = format.map((time) => {
    after = Date.parse(readAs('iso', `2026-10-25 ${time}:00`, berlin, after)!);
    return new Date(after).toISOString().slice(11, 16);
  });
  expect(times).toEqual(['23:58', '00:00', '00:20', '00:40', '00:59', '01:01', '01:20', '01:40', '01:59', '02:00']);
});

test('a time that names its offset is not touched by the hint', () => {
  const after = Date.parse('2026-10-25T03:00:00Z');
  expect(readAs('iso', '2026-10-25 02:30:00 CEST', berlin, after)).toBe('2026-10-25T00:30:00.000Z');
  expect(readAs('iso', '2026-10-25 02:30:00+01:00', berlin)).toBe('2026-10-25T01:30:00.000Z');
});

test('a local time that the clocks leave out was written by one that had not been put forward', () => {
  expect(readAs('iso', '2026-03-29 01:59:59', berlin)).toBe('2026-03-29T00:59:59.000Z');
  expect(readAs('iso', '2026-03-29 02:30:00', berlin)).toBe('2026-03-29T01:30:00.000Z');
  expect(readAs('iso', '2026-03-29 03:00:00', berlin)).toBe('2026-03-29T01:00:00.000Z');
});

test.each([
  ['the last day of the year before', 'Dec 31 23:59:59', '2027-01-02T08:00:00Z', '2026-12-31T23:59:59.000Z'],
  ['the first second of the year', 'Jan  1 00:00:00', '2027-01-02T08:00:00Z', '2027-01-01T00:00:00.000Z'],
  ['a clock that runs ahead', 'Jan  2 20:00:00', '2027-01-02T08:00:00Z', '2027-01-02T20:00:00.000Z'],
  ['a clock that runs ahead over New Year', 'Jan  1 00:30:00', '2026-12-31T23:30:00Z', '2027-01-01T00:30:00.000Z'],
  ['exactly a day later', 'Jan  3 08:00:00', '2027-01-02T08:00:00Z', '2027-01-03T08:00:00.000Z'],
  ['more than a day later', 'Jan  3 08:00:01', '2027-01-02T08:00:00Z', '2026-01-03T08:00:01.000Z'],
  ['Feb 29 of this year', 'Feb 29 12:00:00', '2028-03-01T00:00:00Z', '2028-02-29T12:00:00.000Z'],
  ['Feb 29 that is to come', 'Feb 29 12:00:00', '2028-02-01T00:00:00Z', '2024-02-29T12:00:00.000Z'],
  ['Feb 29 of years ago', 'Feb 29 12:00:00', '2027-06-01T00:00:00Z', '2024-02-29T12:00:00.000Z'],
  ['Feb 29 around a century without', 'Feb 29 12:00:00', '2103-12-01T00:00:00Z', '2096-02-29T12:00:00.000Z'],
])('a date without a year is the latest before the file was written: %s', (_, stamp, modified, expected) => {
  expect(readAs('syslog', `${stamp} web-1 x: y`, contextOf('UTC', modified))).toBe(expected);
});

test('without a year the limit is compared on the clock of the zone', () => {
  const samoa = contextOf('Pacific/Apia', '2026-12-31T09:00:00Z');
  expect(readAs('klog', 'I0101 22:00:00.000000 1 x]', samoa)).toBe('2027-01-01T09:00:00.000Z');
  expect(readAs('klog', 'I0101 22:00:01.000000 1 x]', samoa)).toBe('2026-01-01T09:00:01.000Z');
});

test('every local time is what the zone makes of it, in any order', () => {
  const zones = ['Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Monrovia', 'Asia/Kathmandu'];
  const seconds = fc.oneof(
    fc.integer({ min: 0, max: 4_000_000_000 }),
    // Around the ends of summer time in Berlin and Lord Howe.
    fc.integer({ min: 1_792_880_000, max: 1_792_910_000 }),
    fc.integer({ min: 1_775_300_000, max: 1_775_400_000 }),
    // Newfoundland put its clocks back at one minute past midnight, which is within a quarter of an hour.
    fc.integer({ min: Date.UTC(2010, 10, 6, 22, 45) / 1000, max: Date.UTC(2010, 10, 7, 0, 30) / 1000 }),
  );
  for (const name of zones) {
    const zone = openZone(name);
    const clock = createLocalClock({ zone, modifiedSeconds: 0 });
    fc.assert(
      fc.property(seconds, (local) => {
        const expected = (choice: 'earlier' | 'later'): number =>
          zone.toUnix(localTimeOfSeconds(local), choice).seconds;
        expect(clock.toUnix(local, undefined)).toBe(expected('earlier'));
        expect(clock.toUnix(local, Infinity)).toBe(expected('later'));
      }),
      { numRuns: 500 },
    );
  }
});

import { expect, test } from 'vitest';
import { parseSchedule } from '../../../src/lib/schedule/parse-schedule.ts';
import type { Transition } from '../../../src/lib/schedule/schedule.ts';

const zone = 'Europe/Berlin';
const unix = (text: string): number => Date.parse(text) / 1000;

test('it holds from its transition on, to the second, and says since when', () => {
  const schedule = parseSchedule({ off: 'Fri 19:00 - Mon 07:00', zone });
  const [friday, monday] = [unix('2026-11-20T19:00:00+01:00'), unix('2026-11-23T07:00:00+01:00')];
  expect(schedule.at(friday - 1)).toEqual({ desired: 'on', since: monday - 7 * 86_400 });
  expect(schedule.at(friday - 0.001).desired).toBe('on');
  expect(schedule.at(friday)).toEqual({ desired: 'off', since: friday });
  expect(schedule.at(monday - 1)).toEqual({ desired: 'off', since: friday });
  expect(schedule.at(monday)).toEqual({ desired: 'on', since: monday });
  // In any order of questions.
  expect(schedule.at(friday)).toEqual({ desired: 'off', since: friday });
});

test('transitions come in order, none twice, and what touches is one', () => {
  const schedule = parseSchedule({ off: 'nights,weekend', zone });
  expect(told(schedule.transitionsAfter(unix('2026-11-20T12:00:00Z')), 4)).toEqual([
    '2026-11-20T18:00:00Z off unique',
    '2026-11-23T06:00:00Z on unique',
    '2026-11-23T18:00:00Z off unique',
    '2026-11-24T06:00:00Z on unique',
  ]);
  // The moment itself is not after itself.
  expect(told(schedule.transitionsAfter(unix('2026-11-20T18:00:00Z')), 1)).toEqual(['2026-11-23T06:00:00Z on unique']);
});

test.each([
  [
    'a time in a gap comes at its end',
    '02:30 - 05:00',
    '2026-03-29T01:00:00Z off skipped,2026-03-29T03:00:00Z on unique',
  ],
  [
    'what lies in a gap as a whole never is',
    '02:15 - 02:45',
    '2026-03-30T00:15:00Z off unique,2026-03-30T00:45:00Z on unique',
  ],
  [
    'what ends in a gap ends at its end',
    '01:30 - 02:30',
    '2026-03-29T00:30:00Z off unique,2026-03-29T01:00:00Z on skipped',
  ],
])('when clocks go forward: %s', (_, off, transitions) => {
  const after = unix('2026-03-28T22:00:00Z');
  expect(told(parseSchedule({ off, zone }).transitionsAfter(after), 2).join()).toBe(transitions);
});

test('when clocks go back, a time that comes twice is taken the first time, once', () => {
  const schedule = parseSchedule({ off: '02:15 - 02:45', zone });
  expect(told(schedule.transitionsAfter(unix('2026-10-24T22:00:00Z')), 3)).toEqual([
    '2026-10-25T00:15:00Z off repeated',
    '2026-10-25T00:45:00Z on repeated',
    '2026-10-26T01:15:00Z off unique',
  ]);
  // The second 02:30 of the night.
  expect(schedule.at(unix('2026-10-25T01:30:00Z')).desired).toBe('on');
});

test('where clocks go back over midnight, what came at midnight is not undone', () => {
  // At 00:01 it was 23:01 of Saturday again.
  const schedule = parseSchedule({ off: 'Sun 00:00 - 06:00', zone: 'America/St_Johns' });
  const midnight = unix('2010-11-07T00:00:00-02:30');
  expect(schedule.at(midnight + 1800)).toEqual({ desired: 'off', since: midnight });
  expect(told(schedule.transitionsAfter(midnight - 1), 2)).toEqual([
    '2010-11-07T02:30:00Z off repeated',
    '2010-11-07T09:30:00Z on unique',
  ]);
});

test.each([
  // Midnight itself is skipped in Chile and in Beirut, and comes twice in the Azores.
  ['America/Santiago', 'Sun 00:00 - 06:00', '2026-09-05T12:00:00Z', '2026-09-06T04:00:00Z off skipped'],
  ['Asia/Beirut', 'weekend', '2026-03-27T12:00:00Z', '2026-03-27T22:00:00Z off unique'],
  ['Atlantic/Azores', 'Sun 00:30 - 06:00', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z off repeated'],
  ['Australia/Lord_Howe', '02:15 - 06:00', '2026-10-03T12:00:00Z', '2026-10-03T15:30:00Z off skipped'],
  // The day that Samoa left out, its last evening and its first morning joined.
  ['Pacific/Apia', 'Fri 09:00 - 12:00, Sat 10:00 - 11:00', '2011-12-29T12:00:00Z', '2011-12-30T20:00:00Z off unique'],
  ['Pacific/Apia', 'Fri 09:00 - Sat 10:00', '2011-12-29T12:00:00Z', '2011-12-30T10:00:00Z off skipped'],
  ['Pacific/Apia', 'Thu 23:00 - Fri 10:00', '2011-12-30T09:30:00Z', '2011-12-30T10:00:00Z on skipped'],
  ['Pacific/Apia', 'Fri 10:00 - Sat 00:00', '2011-12-29T12:00:00Z', '2012-01-05T20:00:00Z off unique'],
])('in %s %s: %s', (name, off, after, first) => {
  expect(told(parseSchedule({ off, zone: name }).transitionsAfter(unix(after)), 1)).toEqual([first]);
});

test('questions beyond every calendar are answered, and end', () => {
  for (const moment of [Number.NaN, Infinity, -Infinity, 1e15, -1e15, 8.64e12]) {
    const schedule = parseSchedule({ off: 'weekend', zone });
    expect(['on', 'off']).toContain(schedule.at(moment).desired);
    schedule.transitionsAfter(moment).next();
  }
});

test('a million questions in a row take well below a second', () => {
  const schedule = parseSchedule({ off: 'nights,weekend', zone });
  const start = performance.now();
  let off = 0;
  for (let index = 0; index < 1_000_000; index++) if (schedule.at(1_767_225_600 + index * 60).desired === 'off') off++;
  expect(off).toBeGreaterThan(500_000);
  expect(performance.now() - start).toBeLessThan(3000);
});

function told(transitions: Generator<Transition>, count: number): string[] {
  const lines: string[] = [];
  for (const { at, to, clock } of transitions) {
    lines.push(`${new Date(at * 1000).toISOString().replace('.000', '')} ${to} ${clock}`);
    if (lines.length === count) break;
  }
  return lines;
}

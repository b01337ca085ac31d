import { parseOffhours } from '../../../src/lib/schedule/parse-offhours.ts';
import { parseSchedule } from '../../../src/lib/schedule/parse-schedule.ts';
import type { Schedule } from '../../../src/lib/schedule/schedule.ts';
import { transitionsOf } from '../time/temporal-oracle.ts';
import { oracleOf, type Told, whenOff } from './schedule-oracle.ts';

const isWorkday = (weekday: number) => weekday >= 1 && weekday <= 5;

/** Schedules that switch in the hours in which clocks do, and those that people use. */
export const told: readonly Told[] = [
  { words: { off: 'weekend' }, eventsOn: whenOff((weekday) => !isWorkday(weekday)) },
  {
    words: { off: 'nights,weekend' },
    eventsOn: whenOff((weekday, hour) => hour < 7 || hour >= 19 || !isWorkday(weekday)),
  },
  {
    words: { on: 'Mon-Fri 09:00 - 17:30' },
    eventsOn: whenOff((weekday, hour) => !isWorkday(weekday) || hour < 9 || hour >= 17.5),
  },
  // All of it is in most gaps, and comes twice in most overlaps.
  { words: { off: '02:15 - 02:45' }, eventsOn: whenOff((_, hour) => hour >= 2.25 && hour < 2.75) },
  { words: { on: '01:30 - 03:00' }, eventsOn: whenOff((_, hour) => hour < 1.5 || hour >= 3) },
  {
    words: { off: 'Fri-Mon 23:30 - 00:15, 00:45 - 01:15, Sun 02:00 - 02:30' },
    eventsOn: whenOff(
      (weekday, hour) =>
        ([5, 6, 0, 1].includes(weekday) && hour >= 23.5) ||
        ([6, 0, 1, 2].includes(weekday) && hour < 0.25) ||
        (hour >= 0.75 && hour < 1.25) ||
        (weekday === 0 && hour >= 2 && hour < 2.5),
    ),
  },
  {
    words: { offhours: 'off=[(M-U,2),(U,0),(S,23)];on=[(M-U,3),(U,1),(M,0),(F-S,2)]' },
    eventsOn: (weekday) => [
      ...(weekday === 0 ? [{ minute: 0, to: 'off' } as const, { minute: 60, to: 'on' } as const] : []),
      ...(weekday === 1 ? [{ minute: 0, to: 'on' } as const] : []),
      { minute: 120, to: weekday === 5 || weekday === 6 ? 'on' : 'off' },
      { minute: 180, to: 'on' },
      ...(weekday === 6 ? [{ minute: 1380, to: 'off' } as const] : []),
    ],
  },
  {
    words: { offhours: 'off=(M-F,2)' },
    eventsOn: (weekday) => (isWorkday(weekday) ? [{ minute: 120, to: 'off' }] : []),
  },
];

export function scheduleOf({ off, on, offhours }: Told['words'], zone: string): Schedule {
  return offhours === undefined ? parseSchedule({ off, on, zone }) : parseOffhours(offhours, { zone });
}

/** Every zone that changes its clocks in a year. */
export function changingZones(firstYear: number, lastYear: number): { zone: string; transitions: number[] }[] {
  return Intl.supportedValuesOf('timeZone')
    .map((zone) => ({ zone, transitions: transitionsOf(zone, firstYear, lastYear) }))
    .filter(({ transitions }) => transitions.length > 0);
}

/** The differences between a schedule and the oracle on a grid of quarters of an hour, at most ten of them. */
export function differences(
  each: Told,
  zone: string,
  from: number,
  until: number,
  schedule = scheduleOf(each.words, zone),
): { compared: number; different: string[] } {
  const grid = 900;
  const expectedAt = oracleOf(each, zone, from, until);
  const different: string[] = [];
  let compared = 0;
  for (let moment = from - (from % grid); moment <= until && different.length < 10; moment += grid) {
    const { desired, since } = schedule.at(moment);
    const expected = expectedAt(moment);
    compared++;
    if (desired === expected.desired && since === expected.since) continue;
    const time = new Date(moment * 1000).toISOString();
    different.push(`${zone} ${schedule.name} ${time}: ${desired} ${since}, not ${expected.desired} ${expected.since}`);
  }
  return { compared, different };
}

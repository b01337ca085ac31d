import { localTimeOfSeconds, weekdayOf } from '../../time/local-time.ts';
import { eitherDay } from './can-fire.ts';
import type { ClockChange } from './clock-changes.ts';
import type { CronFields } from './field-kinds.ts';

/** Whether a clock that shows this fits the fields; in seconds since 1970 as if it were UTC, on a whole minute. */
export function matchesClock(fields: CronFields, shown: number): boolean {
  const local = localTimeOfSeconds(shown);
  if (!fields.minute.values.includes(local.minute) || !fields.hour.values.includes(local.hour)) return false;
  if (!fields.month.values.includes(local.month)) return false;
  const fitsDay = fields.dayOfMonth.values.includes(local.day);
  const fitsWeekday = fields.dayOfWeek.values.includes(weekdayOf(local));
  return eitherDay(fields) ? fitsDay || fitsWeekday : fitsDay && fitsWeekday;
}

/** Longer than this the clocks are not set but corrected: Samoa left out a day. cron(8) draws the line at three hours. */
const longestChange = 3 * 3600;

/** The times of the expression that a change skips, or that it shows twice, as the clock shows them. */
export function timesInChange(fields: CronFields, { at, before, after }: ClockChange): number[] {
  if (Math.abs(after - before) > longestChange) return [];
  const from = at + Math.min(before, after);
  const to = at + Math.max(before, after);
  const times: number[] = [];
  for (let shown = Math.ceil(from / 60) * 60; shown < to; shown += 60) {
    if (matchesClock(fields, shown)) times.push(shown);
  }
  return times;
}

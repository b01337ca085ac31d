import { UserError } from '../../errors/user-error.ts';
import { localTimeOfSeconds, weekdayOf } from '../../time/local-time.ts';
import { openZone, type Zone } from '../../time/zone.ts';
import { eitherDay } from '../cron/can-fire.ts';
import type { CronField, CronFields } from '../cron/field-kinds.ts';
import { readCron } from '../cron/read-cron.ts';
import { shiftExpression } from './shift-expression.ts';

const daySeconds = 86_400;
/** Two years and a day, so that every change of clocks in them is met twice. */
const days = 731;

export interface ZoneChange {
  expression: string;
  /** What `H` is made from. */
  seed?: string;
  /** Names that `openZone` knows. */
  from: string;
  to: string;
  /** Unix seconds. */
  now: number;
}

/**
 * Expressions for a cron whose zone is `to` that run when `expression` does in `from`, for two years. More than one where
 * the shifted times are no rectangle of hours and minutes.
 *
 * Throws UserError when the zones are not equally far apart at every run, or when a date would have to move to the day
 * before or after, for which cron has no words.
 */
export function expressionsInZone({ expression, seed, from, to, now }: ZoneChange): string[] {
  const { text, fields } = readCron(expression, seed);
  const [there, here] = [openZone(from), openZone(to)];
  if (there.name === here.name) return [text];
  const distances = distancesAtRuns(fields, there, here, now);
  const [distance = 0, other] = distances;
  if (other !== undefined) {
    throw new UserError(
      `a crontab cannot hold '${text}' in ${there.name}: cron runs in ${here.name}, ${ahead(distance)} at one run and ${ahead(other)} at another`,
      {
        code: 'unsupported',
        hints: [`give the job timezone: ${here.name}, or render it for systemd or kubernetes, which know time zones`],
      },
    );
  }
  if (distance === 0) return [text];
  return shiftExpression({ text, fields, minutes: distance / 60, from: there.name, to: here.name });
}

/** What is to be added to the time in `from`, in seconds: no more than the first two that differ. */
function distancesAtRuns(fields: CronFields, from: Zone, to: Zone, now: number): number[] {
  const found = new Set<number>();
  const today = Math.floor((now + from.offsetSeconds(now)) / daySeconds) * daySeconds;
  for (let day = 0; day < days && found.size < 2; day++) {
    const midnight = today + day * daySeconds;
    if (!isOnDay(fields, midnight)) continue;
    for (const distance of distancesOnDay(fields, midnight, from, to)) found.add(distance);
  }
  return [...found];
}

function isOnDay(fields: CronFields, midnight: number): boolean {
  const date = localTimeOfSeconds(midnight);
  const has = (field: CronField, value: number) => field.values.includes(value);
  const byDate = has(fields.dayOfMonth, date.day);
  const byWeekday = has(fields.dayOfWeek, weekdayOf(date));
  return has(fields.month, date.month) && (eitherDay(fields) ? byDate || byWeekday : byDate && byWeekday);
}

function distancesOnDay({ hour, minute }: CronFields, midnight: number, from: Zone, to: Zone): number[] {
  const isSteady = [from, to].every((zone) => {
    const offsets = [-1, 0, 1, 2].map((day) => zone.offsetSeconds(midnight + day * daySeconds));
    return new Set(offsets).size === 1;
  });
  const walls = isSteady
    ? [midnight]
    : hour.values.flatMap((hours) => minute.values.map((minutes) => midnight + hours * 3600 + minutes * 60));
  return walls.flatMap((wall) => {
    // What a clock shows twice is asked for both times.
    const moments = (['earlier', 'later'] as const).map(
      (which) => from.toUnix(localTimeOfSeconds(wall), which).seconds,
    );
    return moments.map((seconds) => to.offsetSeconds(seconds) - from.offsetSeconds(seconds));
  });
}

function ahead(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (minutes === 0) return 'the same time';
  const clock = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  return `${clock} ${seconds < 0 ? 'behind it' : 'ahead of it'}`;
}

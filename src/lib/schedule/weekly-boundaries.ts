import { parseOffWeek, type WeekRequest } from './parse-schedule.ts';
import { minutesOfDay, minutesOfWeek, stretchesOf } from './week.ts';

/** A moment of every week, in the schedule's own zone, at which it switches. */
export interface WeeklyBoundary {
  /** 0 is Sunday, as in Date. */
  weekday: number;
  /** After midnight, 0 to 1439. */
  minute: number;
  to: 'on' | 'off';
}

/**
 * When a schedule switches each week, from Sunday 00:00 on, holidays and changes of the clocks aside. Throws as
 * `parseSchedule` does.
 */
export function weeklyBoundaries(request: WeekRequest): WeeklyBoundary[] {
  return stretchesOf(parseOffWeek(request))
    .flatMap(({ start, end }) => [
      { moment: start, to: 'off' as const },
      { moment: end % minutesOfWeek, to: 'on' as const },
    ])
    .toSorted((a, b) => a.moment - b.moment)
    .map(({ moment, to }) => ({ weekday: Math.floor(moment / minutesOfDay), minute: moment % minutesOfDay, to }));
}

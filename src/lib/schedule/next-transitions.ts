import { formatMoment } from '../time/format-moment.ts';
import { weekdayOf } from '../time/local-time.ts';
import type { Zone } from '../time/zone.ts';
import type { Schedule, Transition } from './schedule.ts';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** One moment at which a schedule switches. */
export interface ScheduleTransition {
  /** The schedule's canonical words and its zone, as they are kept in tags. */
  schedule: string;
  /** ISO 8601, in the schedule's zone with its offset: `2026-11-20T19:00:00+01:00`. */
  local: string;
  /** `Monday` to `Sunday`, in that zone. */
  weekday: string;
  /** The same moment, ISO 8601 in UTC: `2026-11-20T18:00:00Z`. */
  utc: string;
  /** What it switches to. */
  to: 'on' | 'off';
  /**
   * What the clocks do there: `skipped` when they go forward over the time of the schedule, and this is the first moment
   * behind it; `repeated` when they go back, and this is the first of two; otherwise `unique`.
   */
  clock: 'unique' | 'skipped' | 'repeated';
}

/** The next transitions after a moment, Unix time, fewer where there are no more. */
export function* nextTransitions(
  schedule: Schedule,
  { zone, after, count }: { zone: Zone; after: number; count: number },
): Generator<ScheduleTransition> {
  let left = count;
  for (const transition of schedule.transitionsAfter(after)) {
    if (left-- <= 0) return;
    yield recordOf(transition, schedule, zone);
  }
}

function recordOf({ at, to, clock }: Transition, { name }: Schedule, zone: Zone): ScheduleTransition {
  return {
    schedule: name,
    local: formatMoment(at, zone),
    weekday: weekdays[weekdayOf(zone.toLocal(at))]!,
    utc: new Date(at * 1000).toISOString().replace('.000', ''),
    to,
    clock,
  };
}

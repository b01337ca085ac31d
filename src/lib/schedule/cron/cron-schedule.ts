import type { CronFields } from './field-kinds.ts';

/**
 * A cron expression in a zone. Where the clocks change it means what cron(8) of Debian does, as croner computes it (its
 * `no-wildcard` rule):
 *
 * - fixed times (neither minute nor hour begins with a star): what the clocks skip runs at the first moment behind the
 *   gap, together if it is several, also when that is the next day; what they show twice runs the first time;
 * - others follow the clock: what is skipped is left out, what is shown twice runs twice.
 */
export interface CronSchedule {
  /** Normalised: five fields without names, nicknames, 7 for Sunday and `H`. Keep this one, not what was typed. */
  expression: string;
  /** As `openZone` names it. */
  zone: string;
  fields: CronFields;
  /** Neither minute nor hour begins with a star. */
  fixed: boolean;
  /** Unix seconds of the first runs after a moment, fewer where there are no more (before the year 3000). */
  nextRuns(after: number, count: number): number[];
  /** Runs from a moment on and before another. A RangeError where it is more than a million, which is two years. */
  runsBetween(from: number, to: number): number[];
}

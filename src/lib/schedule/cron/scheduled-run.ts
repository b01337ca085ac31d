import { formatMoment } from '../../time/format-moment.ts';
import { localTimeOfSeconds, weekdayOf } from '../../time/local-time.ts';
import type { Zone } from '../../time/zone.ts';
import type { CronSchedule } from './cron-schedule.ts';
import { matchesClock, timesInChange } from './matches.ts';
import type { ExpectedSpan } from './overlaps.ts';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** One coming run of a cron expression or of a job. */
export interface ScheduledRun {
  /** The job of devops.yaml; absent for an expression. */
  job?: string;
  /** The expression in five fields, without names and nicknames. */
  schedule: string;
  /** Its zone, such as `Europe/Berlin`. */
  zone: string;
  /** ISO 8601, in that zone with its offset: `2026-11-20T02:30:00+01:00`. */
  local: string;
  /** `Monday` to `Sunday`, in that zone. */
  weekday: string;
  /** The same moment, ISO 8601 in UTC: `2026-11-20T01:30:00Z`. */
  utc: string;
  /**
   * What the clocks do there: `skipped` when they go forward over the time of the schedule, and this is the first moment
   * behind it; `repeated` when they show this time twice; otherwise `unique`.
   */
  clock: 'unique' | 'skipped' | 'repeated';
  /** What somebody may not expect of this run, for people. */
  note?: string;
  /** The run that would still be going, if it takes as long as its job expects (`max_time`, else `timeout`). */
  overlap?: {
    job: string;
    /** ISO 8601 in UTC. */
    since: string;
    /** ISO 8601 in UTC: the latest end that is expected. */
    until: string;
  };
}

/** A run of a schedule as a record. `zone` is that of the schedule, opened. */
export function scheduledRun(
  { expression, ...schedule }: CronSchedule,
  zone: Zone,
  { at, job, meets }: { at: number; job?: string | undefined; meets?: ExpectedSpan | undefined },
): ScheduledRun {
  const { clock, note: clockNote } = clockOf(schedule, zone, at);
  const note = [clockNote, meets && meetingNote(meets, zone)].filter((part) => part !== undefined).join('; ');
  return {
    ...(job !== undefined && { job }),
    schedule: expression,
    zone: zone.name,
    local: formatMoment(at, zone),
    weekday: weekdays[weekdayOf(zone.toLocal(at))]!,
    utc: utcOf(at),
    clock,
    ...(note !== '' && { note }),
    ...(meets && { overlap: { job: meets.job, since: utcOf(meets.since), until: utcOf(meets.until) } }),
  };
}

function clockOf(
  { fields, fixed }: Pick<CronSchedule, 'fields' | 'fixed'>,
  zone: Zone,
  at: number,
): { clock: ScheduledRun['clock']; note?: string } {
  const before = zone.offsetSeconds(at - 1);
  const after = zone.offsetSeconds(at);
  if (fixed && after > before) {
    const times = timesInChange(fields, { at, before, after }).map(clockTime);
    const own = matchesClock(fields, at + after);
    if (times.length > 0) {
      const note = `the clocks skip ${times.join(', ')}: ${own ? 'this run stands for it too' : 'first moment behind the gap'}`;
      return { clock: own ? 'unique' : 'skipped', note };
    }
  }
  const local = zone.toLocal(at);
  const first = zone.toUnix(local, 'earlier');
  if (first.kind !== 'repeated') return { clock: 'unique' };
  const which = at > first.seconds ? 'second time' : fixed ? 'first time only' : 'first time';
  return { clock: 'repeated', note: `the clocks show it twice: ${which}` };
}

function meetingNote({ job, until }: ExpectedSpan, zone: Zone): string {
  return `${job} may run until ${formatMoment(until, zone).slice(11, 16)}`;
}

function clockTime(shown: number): string {
  const { hour, minute } = localTimeOfSeconds(shown);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function utcOf(at: number): string {
  return new Date(at * 1000).toISOString().replace('.000', '');
}

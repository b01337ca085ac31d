import { formatMoment } from '../../time/format-moment.ts';
import { openZone } from '../../time/zone.ts';
import { type ClockChange, clockChanges } from './clock-changes.ts';
import type { CronSchedule } from './cron-schedule.ts';
import type { CronFinding } from './finding.ts';

const hour = 3600;
const day = 24 * hour;
const hint = 'choose a zone whose clocks are never set, such as UTC';

/**
 * Where Kubernetes loses its way behind a change of clocks, also for times that these neither skip nor repeat. Its
 * search (SpecSchedule.Next of robfig/cron 3) goes from the run before on by hours of time and takes what it meets for a
 * full hour: half an hour off, it is blind for the first minutes of each hour until it finds a run. And where the clocks
 * skip the beginning of an hour or of a day, it does not look at the hour or at the date again.
 */
export function lintHourByHour(schedule: CronSchedule, from: number, to: number): CronFinding[] {
  const zone = openZone(schedule.zone);
  const changes = clockChanges(zone, from, to);
  const onDays = (met: readonly ClockChange[]) => met.map(({ at }) => formatMoment(at, zone).slice(0, 10)).join(', ');
  const halves = changes.filter((change) => isLostInHour(schedule, change));
  const nights = changes.filter((change) => isLostAtMidnight(schedule, change));
  const findings: CronFinding[] = [];
  if (halves.length > 0) {
    findings.push({
      code: 'clocks-search',
      message: `the clocks of ${zone.name} are set by no full hour on ${onDays(halves)}: Kubernetes, which looks ahead hour by hour, may leave out the next run or run it once more`,
      hint,
      at: halves[0]!.at,
    });
  }
  if (nights.length > 0) {
    findings.push({
      code: 'clocks-search',
      message: `the clocks of ${zone.name} skip midnight on ${onDays(nights)}: Kubernetes, which looks ahead hour by hour, may run it a day late as well, or not on that day`,
      hint,
      at: nights[0]!.at,
    });
  }
  return findings;
}

/** At which minute of the clock an hour after a full one ends. */
function minutesOff({ before, after }: ClockChange): number {
  return ((((after - before) % hour) + hour) % hour) / 60;
}

function isLostInHour({ fields, nextRuns }: CronSchedule, change: ClockChange): boolean {
  const { at, before, after } = change;
  const minutes = minutesOff(change);
  if (minutes === 0 || fields.hour.values.length === 24) return false;
  const isRunWithin = (from: number, to: number): boolean => (nextRuns(from - 1, 1)[0] ?? Infinity) < to;
  // An hour whose end the clocks skip goes on in the next one.
  if (after > before && (at + after) % hour !== 0 && isRunWithin(at - hour, at)) return true;
  return fields.minute.values.some((minute) => minute < minutes) && isRunWithin(at, at + 2 * day);
}

function isLostAtMidnight({ fields, nextRuns }: CronSchedule, { at, before, after }: ClockChange): boolean {
  const { dayOfMonth, month, dayOfWeek } = fields;
  if ([dayOfMonth, month, dayOfWeek].every(({ text }) => text === '*')) return false;
  const shown = at + after;
  if (Math.floor((at - 1 + before) / day) === Math.floor(shown / day) || shown % day < hour) return false;
  const [near] = nextRuns(at - day - 1, 1);
  return near !== undefined && near < at + day;
}

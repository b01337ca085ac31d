import { formatDuration } from '../../quantity/duration.ts';
import type { CronSchedule } from './cron-schedule.ts';
import { fieldKinds } from './field-kinds.ts';
import type { CronFinding } from './finding.ts';

/** A day of every five minutes, and more than a year of once a day. */
const runsLookedAt = 400;

/** How often it runs: every minute, in uneven steps, before the run before has to be over. */
export function lintPace(schedule: CronSchedule, after: number, timeoutSeconds?: number): CronFinding[] {
  const { fields } = schedule;
  const findings: CronFinding[] = [];
  if (fields.minute.text === '*') {
    findings.push({
      code: 'every-minute',
      message: `it runs in every minute of ${fields.hour.text === '*' ? 'the day' : 'these hours'}`,
      hint: `write a minute first, such as '0 ${fields.hour.text}' for the full hour`,
    });
  }
  for (const { name, title, cycle } of fieldKinds) {
    const { step, text, values } = fields[name];
    // The months are of different lengths, so that no step divides them all.
    const even = cycle % (step ?? 1) === 0 && name !== 'dayOfMonth';
    if (step === undefined || values.length === 1 || even) continue;
    findings.push({
      code: 'uneven-steps',
      message: `${text} does not divide the ${title}: it begins anew after ${values.at(-1)}, sooner than the steps before`,
      hint: name.startsWith('day') ? 'write the days out' : `choose a divisor of ${cycle}`,
    });
  }
  const shortest = timeoutSeconds === undefined ? undefined : shortestInterval(schedule, after);
  if (shortest !== undefined && shortest.seconds < timeoutSeconds!) {
    findings.push({
      code: 'shorter-than-timeout',
      message: `it may run for ${formatDuration(timeoutSeconds!)}, and the next run comes after ${formatDuration(shortest.seconds)}`,
      hint: 'shorten the timeout or run it less often; until then its lock skips runs',
      at: shortest.at,
    });
  }
  return findings;
}

function shortestInterval(schedule: CronSchedule, after: number): { seconds: number; at: number } | undefined {
  const runs = schedule.nextRuns(after, runsLookedAt);
  let shortest: { seconds: number; at: number } | undefined;
  for (const [index, at] of runs.entries()) {
    const seconds = (runs[index + 1] ?? Infinity) - at;
    if (seconds < (shortest?.seconds ?? Infinity)) shortest = { seconds, at };
  }
  return shortest;
}

import { openZone } from '../../time/zone.ts';
import type { CronSchedule } from './cron-schedule.ts';
import type { CronFinding, CronTarget } from './finding.ts';
import { lintClocks } from './lint-clocks.ts';
import { lintDays } from './lint-days.ts';
import { lintHourByHour } from './lint-hour-by-hour.ts';
import { lintPace } from './lint-pace.ts';

export interface LintOptions {
  /** Left out, the findings name what each of them does. */
  target?: CronTarget | undefined;
  /** The zone of the machine that runs it, which is that of its cron. */
  zoneOfMachine: string;
  /** How long a run may take. */
  timeoutSeconds?: number | undefined;
  /** From when on it is looked at, Unix seconds: now without it. */
  after?: number | undefined;
  /** For how long. */
  years?: number | undefined;
}

const secondsOfYear = 365.25 * 86_400;

/** What somebody may not expect of a schedule that is valid; empty where there is nothing to say. */
export function lintCron(
  schedule: CronSchedule,
  { target, zoneOfMachine, timeoutSeconds, after = Date.now() / 1000, years = 2 }: LintOptions,
): CronFinding[] {
  const until = after + years * secondsOfYear;
  return [
    ...(target === 'crontab' ? lintZone(schedule, zoneOfMachine, after, until) : []),
    ...lintClocks(schedule, after, until, target),
    ...(target === undefined || target === 'kubernetes' ? lintHourByHour(schedule, after, until) : []),
    ...lintDays(schedule, target),
    ...lintPace(schedule, after, timeoutSeconds),
  ];
}

/** cron(8) of Debian: it handles tasks in a single time zone, whatever TZ or CRON_TZ a crontab sets. */
function lintZone(schedule: CronSchedule, zoneOfMachine: string, after: number, until: number): CronFinding[] {
  const wanted = openZone(schedule.zone);
  const here = openZone(zoneOfMachine);
  for (let at = after; at < until; at += 86_400) {
    if (wanted.offsetSeconds(at) === here.offsetSeconds(at)) continue;
    return [
      {
        code: 'other-zone',
        message: `cron runs it by the clock of the machine (${here.name}), not by that of ${wanted.name}`,
        hint: `set the machine to ${wanted.name}, use systemd or Kubernetes, or write the time of ${here.name}`,
        at,
      },
    ];
  }
  return [];
}

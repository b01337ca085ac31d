import { itemError } from '../../results/item-error.ts';
import { scheduleSeed } from '../cron/hash-value.ts';
import { lintCron } from '../cron/lint-cron.ts';
import { parseCron } from '../cron/parse-cron.ts';
import type { RefusedJob, RenderTarget, ScheduledJob, ScheduleFinding } from './rendered.ts';

export interface LintSettings {
  machineZone: string;
  /** What `H` is made from, with the name of the job. */
  host: string;
  /** Unix seconds. */
  now: number;
}

/** What is to be known of each job's schedule on a target, by the job's name; `refused` cannot be read at all. */
export async function lintJobs(
  jobs: readonly ScheduledJob[],
  target: RenderTarget,
  { machineZone, host, now }: LintSettings,
): Promise<{ findings: ReadonlyMap<string, readonly ScheduleFinding[]>; refused: readonly RefusedJob[] }> {
  const findings = new Map<string, readonly ScheduleFinding[]>();
  const refused: RefusedJob[] = [];
  for (const job of jobs) {
    try {
      const options = { zone: job.timezone ?? machineZone, seed: scheduleSeed(job.name, host) };
      const schedule = await parseCron(job.schedule, options);
      const { timeoutSeconds } = job;
      const found = lintCron(schedule, { target, zoneOfMachine: machineZone, timeoutSeconds, after: now });
      // A job of another zone is converted for the crontab, or refused.
      const told = found.filter(({ code }) => code !== 'other-zone');
      findings.set(job.name, [
        ...told.map(({ code, message, hint }) => ({ job: job.name, code, message, hint })),
        ...lintCatchUp(job, target),
      ]);
    } catch (error) {
      refused.push({ job: job.name, error: itemError(error) });
    }
  }
  return { findings, refused };
}

/** cron looks at the minute that it is, and no further back than its own wake-up. */
function lintCatchUp({ name, catchUp }: ScheduledJob, target: RenderTarget): ScheduleFinding[] {
  if (target !== 'crontab' || catchUp === 'none') return [];
  return [
    {
      job: name,
      code: 'no-catch-up',
      message: `catch_up: ${catchUp} has no meaning in a crontab: cron never makes up for what it missed while the machine was off`,
      hint: 'render it for systemd or kubernetes, or be told with expect: { max_age: ... }',
    },
  ];
}

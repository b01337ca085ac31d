import { hostname } from 'node:os';
import { defineCommand, type Spec } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { Job } from '../../lib/jobs/job.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { printable } from '../../lib/text/printable.ts';

/** One job of devops.yaml. */
export interface ListedJob {
  job: string;
  /** As it is written in devops.yaml, five fields of crontab(5); absent for a job that somebody else starts. */
  schedule?: string;
  /** Zone of the schedule. */
  timezone?: string;
  /** RFC 3339 in UTC. */
  nextRunAt?: string;
  /** Name of its lock. */
  lock?: string;
  /** Names of the notifiers that are told. */
  notify: readonly string[];
  /** Seconds of one attempt. */
  timeoutSeconds?: number;
  /** The program and its arguments, without what looks like a password. */
  command: string;
}

export default defineCommand({
  description: 'List the jobs of devops.yaml: when they run next, which lock they take and who is told.',
  examples: [{ command: 'devops jobs list', what: 'all of them' }],
  define: (spec: Spec) => spec,
  shape: 'many',
  async *run(ctx): AsyncGenerator<ListedJob> {
    const { resolveJobs } = await import('../../lib/jobs/resolve-jobs.ts');
    const { config } = await ctx.config();
    for (const job of resolveJobs(config)) yield await listed(job, ctx);
  },
  columns: [
    { name: 'job', value: ({ job }) => job },
    { name: 'schedule', value: ({ schedule }) => schedule },
    { name: 'timezone', value: ({ timezone }) => timezone, dispensable: true },
    { name: 'next', value: ({ nextRunAt }) => nextRunAt },
    { name: 'lock', value: ({ lock }) => lock, dispensable: true },
    { name: 'notify', value: ({ notify }) => notify.join(',') },
    { name: 'command', value: ({ command }) => command, cell: ({ command }) => printable(command), dispensable: true },
  ],
});

async function listed(job: Job, ctx: Context): Promise<ListedJob> {
  const { redactCommand } = await import('../../lib/log/redact-command.ts');
  const { name, schedule, lock, notify, timeoutSeconds, argv } = job;
  return {
    job: name,
    ...(schedule === undefined ? {} : { schedule, ...(await nextOf(job, ctx)) }),
    ...(lock === undefined ? {} : { lock }),
    notify,
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    command: redactCommand(argv),
  };
}

async function nextOf(job: Job, ctx: Context): Promise<Pick<ListedJob, 'timezone' | 'nextRunAt'>> {
  const { openJobSchedule } = await import('../../lib/schedule/cron/job-schedule.ts');
  const { localZoneName } = await import('../../lib/time/local-zone-name.ts');
  try {
    const { schedule } = await openJobSchedule(job, { zoneOfMachine: localZoneName(ctx.env), hostname: hostname() });
    const [next] = schedule.nextRuns(ctx.now().getTime() / 1000, 1);
    return {
      timezone: schedule.zone,
      ...(next === undefined ? {} : { nextRunAt: new Date(next * 1000).toISOString() }),
    };
  } catch (error) {
    // devops config check tells what is wrong with it.
    if (!(error instanceof UserError)) throw error;
    return {};
  }
}

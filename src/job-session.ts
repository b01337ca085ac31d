import { hostname } from 'node:os';
import type { Context } from './context.ts';
import { UserError } from './lib/errors/user-error.ts';
import { accountOf } from './job-history.ts';
import { findJob } from './lib/jobs/find-job.ts';
import { jobOfFlags } from './lib/jobs/job-of-flags.ts';
import { type JobStatus, jobStatus, rememberedJobs } from './lib/jobs/job-status.ts';
import type { Job } from './lib/jobs/job.ts';
import { resolveJobs } from './lib/jobs/resolve-jobs.ts';

/** The jobs of devops.yaml, or those that are named; with `all` also what else has run here. */
export async function chosenJobs(ctx: Context, names: readonly string[], all: boolean): Promise<Job[]> {
  const { config } = await ctx.config();
  const remembered = rememberedJobs(accountOf(ctx));
  const other = (name: string): Job => jobOfFlags({ name, argv: ['true'], cwd: '/', notify: [] });
  if (names.length > 0) {
    return Promise.all(
      names.map((name) => {
        const isOther = config.jobs?.[name] === undefined && remembered.includes(name);
        return isOther ? Promise.resolve(other(name)) : findJob(name, config);
      }),
    );
  }
  const jobs = resolveJobs(config);
  if (!all) return jobs;
  const known = new Set(jobs.map(({ name }) => name));
  return [...jobs, ...remembered.filter((name) => !known.has(name)).map(other)];
}

/** How a job stands, with its next run. */
export async function openStatus(ctx: Context): Promise<(job: Job) => Promise<JobStatus>> {
  const { openJobSchedule } = await import('./lib/schedule/cron/job-schedule.ts');
  const { localZoneName } = await import('./lib/time/local-zone-name.ts');
  const place = { zoneOfMachine: localZoneName(ctx.env), hostname: hostname() };
  const now = ctx.now().getTime() / 1000;
  return async (job) => {
    const status = jobStatus(job, { ...accountOf(ctx), now, pid: ctx.processId });
    if (job.schedule === undefined) return status;
    try {
      const [next] = (await openJobSchedule(job, place)).schedule.nextRuns(now, 1);
      return next === undefined ? status : { ...status, nextRunAt: new Date(next * 1000).toISOString() };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return status;
    }
  };
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.ts';
import { nearest } from './lib/errors/nearest.ts';
import { UserError } from './lib/errors/user-error.ts';
import { jobFolderPath } from './lib/jobs/job-folder.ts';
import { jobNameMistake } from './lib/jobs/job-name.ts';
import type { JobRun } from './lib/jobs/job-run.ts';
import { rememberedJobs } from './lib/jobs/job-status.ts';
import { lastRun } from './lib/jobs/read-history.ts';
import { watchedRuns } from './lib/jobs/running-run.ts';
import { type Account, stateDirectory } from './lib/state/directories.ts';
import { quoted } from './lib/text/quoted.ts';

/** The last runs of a job that are wanted, the newest last. Throws UserError for a name that nobody knows. */
export async function openHistoryOf(
  ctx: Context,
  name: string,
  { last, isWanted }: { last: number; isWanted: (run: JobRun) => boolean },
): Promise<JobRun[]> {
  const path = await knownJobFolder(ctx, name);
  const runs: JobRun[] = [];
  if (!existsSync(path)) return runs;
  lastRun(path, (run) => {
    if (isWanted(run)) runs.push(run);
    return runs.length >= last;
  });
  return runs.toReversed();
}

/** The output so far of the run that goes on; undefined when none does, or it has printed nothing yet. */
export function runningLogOf(ctx: Context, name: string): string | undefined {
  if (jobNameMistake(name) !== undefined) return undefined;
  const path = jobFolderPath(stateDirectory(accountOf(ctx)), name);
  const logs = watchedRuns({ running: join(path, 'running') }).map((runId) => join(path, 'runs', `${runId}.log`));
  return logs.find((log) => existsSync(log));
}

/** Where a job keeps what it remembers: one of devops.yaml, which may never have run, or one that has. */
async function knownJobFolder(ctx: Context, name: string): Promise<string> {
  const account = accountOf(ctx);
  const path = jobFolderPath(stateDirectory(account), name);
  if (jobNameMistake(name) === undefined && existsSync(path)) return path;
  const { config } = await ctx.config();
  const known = Object.keys(config.jobs ?? {});
  if (known.includes(name)) return path;
  const all = [...new Set([...known, ...rememberedJobs(account)])];
  const near = nearest(name.slice(0, 100), all);
  throw new UserError(`there is no job ${quoted(name)} here`, {
    code: 'usage',
    hints: [near === undefined ? 'devops jobs status --all lists all that have run here' : `did you mean '${near}'?`],
  });
}

export function accountOf(ctx: Context): Account {
  return { env: ctx.env, uid: ctx.userId, homeDirectory: ctx.homeDirectory() };
}

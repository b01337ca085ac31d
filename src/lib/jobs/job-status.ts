import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatDuration } from '../quantity/duration.ts';
import type { Verdict } from '../results/verdict.ts';
import { stateDirectory, type Account } from '../state/directories.ts';
import { isoTime } from './iso-time.ts';
import { type JobFolder, jobFolderPath } from './job-folder.ts';
import type { JobRun } from './job-run.ts';
import { readJobState } from './job-state-file.ts';
import type { Job } from './job.ts';
import { lastRun } from './read-history.ts';
import { watchedRuns } from './running-run.ts';

/** How a job stands. */
export interface JobStatus {
  kind: 'job';
  job: string;
  /**
   * Of its last run that was started; `never` when there was none. `missed`: its last good run is older than
   * `expect.max_age`. `stuck`: every start for a while found the one before still running.
   */
  state: 'ok' | 'warning' | 'failed' | 'timed-out' | 'interrupted' | 'skipped' | 'never' | 'missed' | 'stuck';
  /** One line: how the last run ended, or what is amiss. */
  detail: string;
  /** Whether it runs at this moment. */
  running: boolean;
  /** RFC 3339 in UTC: beginning of the last run that was started. */
  lastRunAt?: string;
  /** RFC 3339 in UTC: end of the last good run: one that did all that it had to, whatever it found. */
  lastGoodAt?: string;
  /** Exit code of the last run. */
  exitCode?: number;
  /** How long the last run took, in seconds. */
  durationSeconds?: number;
  /** Runs in a row that failed or found something bad. */
  failures: number;
  /** Starts in a row that found the one before still running. */
  skips: number;
  /** RFC 3339 in UTC: when its schedule starts it next. */
  nextRunAt?: string;
}

export interface StatusPlace extends Account {
  /** Unix time in seconds. */
  now: number;
  pid: number;
}

/** Folders of jobs that nobody names any more are not looked at beyond this. */
const mostLookedAt = 1000;

/** How a job of devops.yaml stands; nothing is changed. Throws UserError when what it remembers cannot be read. */
export function jobStatus(job: Pick<Job, 'name' | 'expect' | 'notifyOn'>, place: StatusPlace): JobStatus {
  const path = jobFolderPath(stateDirectory(place), job.name);
  const base: JobStatus = {
    kind: 'job',
    job: job.name,
    state: 'never',
    detail: 'no run yet',
    running: false,
    failures: 0,
    skips: 0,
  };
  if (!existsSync(path)) return base;
  const counts = { failures: 0, skips: 0 };
  let last: JobRun | undefined;
  let good: JobRun | undefined;
  let isFailing = true;
  let firstRunAt = Infinity;
  lastRun(path, (run) => {
    firstRunAt = Date.parse(run.startedAt) / 1000;
    if (run.state === 'busy') {
      if (last === undefined) counts.skips++;
      return false;
    }
    last ??= run;
    if (run.complete) good ??= run;
    if (run.state === 'ok' || run.state === 'warning') isFailing = false;
    // One that did nothing is neither good nor bad.
    else if (isFailing && run.state !== 'skipped') counts.failures++;
    return good !== undefined && !isFailing;
  });
  const folder: Pick<JobFolder, 'running'> = { running: join(path, 'running') };
  const running = watchedRuns(folder).length > 0;
  const known: JobStatus = {
    ...base,
    ...counts,
    running,
    ...(last === undefined ? {} : ofRun(last)),
    ...(good === undefined ? {} : { lastGoodAt: good.endedAt }),
  };
  return withConditions(known, job, place, { path, firstRunAt });
}

function ofRun(run: JobRun): Partial<JobStatus> {
  const { state, startedAt, exitCode, durationSeconds, ended } = run;
  return {
    state: state === 'busy' ? 'skipped' : state,
    detail: ended,
    lastRunAt: startedAt,
    exitCode,
    durationSeconds,
  };
}

/** What no single run tells. */
function withConditions(
  status: JobStatus,
  { name, expect, notifyOn }: Pick<Job, 'name' | 'expect' | 'notifyOn'>,
  { now }: StatusPlace,
  { path, firstRunAt }: { path: string; firstRunAt: number },
): JobStatus {
  if (status.skips >= notifyOn.stuckAfter) {
    return { ...status, state: 'stuck', detail: `${status.skips} starts in a row found the one before still running` };
  }
  if (expect.maxAgeSeconds === undefined) return status;
  const { state } = readJobState(path, { job: name, now, look: true });
  const lastGood =
    status.lastGoodAt === undefined ? Math.min(state.createdAt, firstRunAt) : Date.parse(status.lastGoodAt) / 1000;
  const age = now - Math.min(lastGood, now);
  if (age <= expect.maxAgeSeconds) return status;
  const words = status.lastGoodAt === undefined ? 'no good run yet' : `the last good run ended at ${isoTime(lastGood)}`;
  return {
    ...status,
    state: 'missed',
    detail: `${words}, ${formatDuration(age)} ago; expected is one every ${formatDuration(expect.maxAgeSeconds)}`,
  };
}

/** Names of all jobs that have a history here, also those that devops.yaml does not know. */
export function rememberedJobs(account: Account): string[] {
  const path = join(stateDirectory(account), 'jobs');
  return existsSync(path) ? readdirSync(path).toSorted().slice(0, mostLookedAt) : [];
}

export function statusVerdict({ job, state, detail }: JobStatus): Verdict {
  const good = state === 'ok' || state === 'skipped' || state === 'never';
  return {
    status: good ? 'ok' : state === 'warning' ? 'warning' : 'critical',
    subject: job,
    code: state,
    message: detail,
  };
}

import type { Overlap } from '../../jobs/job.ts';
import type { CronSchedule } from './cron-schedule.ts';

/** What a prediction needs of a job. */
export interface ExpectedJob {
  name: string;
  schedule: CronSchedule;
  /** How long a run takes at most, as far as anybody knows: its max_time or timeout. Absent: it is in nobody's way. */
  expectedSeconds?: number | undefined;
  /** Jobs with the same one never run at once. A job without one meets itself, and then runs beside itself. */
  lock?: string | undefined;
  overlap: Overlap;
}

/** A run that may still be going; Unix seconds. */
export interface ExpectedSpan {
  job: string;
  since: number;
  until: number;
}

/** A coming run, and what it would meet. */
export interface ExpectedRun<Job extends ExpectedJob = ExpectedJob> {
  job: Job;
  /** Unix seconds. */
  at: number;
  /** The run that would still be going, if it takes as long as expected. */
  meets?: ExpectedSpan;
}

/** How long before the first run it is looked at what may still be going then. */
const longestLook = 86_400;

/**
 * The coming runs of jobs after a moment, in order, each with the run that it would meet. A run that would be skipped
 * or that waits too long does not begin, so that it is in nobody's way; one that waits begins when the other has ended,
 * and one that replaces ends it.
 */
export function* expectRuns<Job extends ExpectedJob>(
  jobs: readonly Job[],
  after: number,
): Generator<ExpectedRun<Job>, void> {
  const longest = Math.min(longestLook, Math.max(0, ...jobs.map(({ expectedSeconds = 0 }) => expectedSeconds)));
  const coming = jobs.map((job) => ({ job, at: job.schedule.nextRuns(after - longest, 1)[0] }));
  const going = new Map<string, ExpectedSpan>();
  for (;;) {
    const next = earliest(coming);
    if (next?.at === undefined) return;
    const { job, at } = next;
    next.at = job.schedule.nextRuns(at, 1)[0];
    const meets = begin(job, at, going);
    if (at > after) yield { job, at, ...(meets && { meets }) };
  }
}

/** Of several at one moment the one that was named first. */
function earliest<Coming extends { at: number | undefined }>(coming: readonly Coming[]): Coming | undefined {
  let first = coming[0];
  for (const one of coming) if ((one.at ?? Infinity) < (first!.at ?? Infinity)) first = one;
  return first;
}

/** Notes what is going on from then on. */
function begin(job: ExpectedJob, at: number, going: Map<string, ExpectedSpan>): ExpectedSpan | undefined {
  const key = job.lock === undefined ? `job ${job.name}` : `lock ${job.lock}`;
  const holder = going.get(key);
  const meets = holder !== undefined && holder.until > at ? holder : undefined;
  const since = meets === undefined || job.lock === undefined ? at : startBehind(job.overlap, at, meets.until);
  if (since !== undefined && job.expectedSeconds !== undefined) {
    going.set(key, { job: job.name, since, until: since + job.expectedSeconds });
  }
  return meets;
}

/** When a run begins that meets another one; undefined when it does not. */
function startBehind(overlap: Overlap, at: number, until: number): number | undefined {
  switch (overlap.kind) {
    case 'skip':
      return undefined;
    case 'wait':
      return until - at <= overlap.seconds ? until : undefined;
    case 'replace':
      return at;
  }
}

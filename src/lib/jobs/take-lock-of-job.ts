import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import type { Lock, LockHolder } from '../locks/lock.ts';
import { describeHolder, jobLockPath, takeJobLock } from './job-lock.ts';
import type { JobHost } from './job-host.ts';
import type { Job } from './job.ts';

/** How long one that was told to end may take beyond the time that its job has for that. */
const leewaySeconds = 15;

/** The lock of a job, undefined where it has none; or in words who has it. Throws UserError when it cannot be used. */
export async function takeLockOfJob(
  job: Job,
  host: JobHost,
  runId: string,
): Promise<{ lock: Lock | undefined } | { busy: string }> {
  if (job.lock === undefined) return { lock: undefined };
  const path = jobLockPath(host, job.lock);
  const take = (waitSeconds: number) =>
    takeJobLock(path, {
      pid: host.pid,
      now: Math.floor(host.now() / 1000),
      what: `devops run ${job.name}`,
      runId,
      env: host.env,
      signal: host.signal,
      waitSeconds,
      inherit: true,
    });
  let answer = await take(job.overlap.kind === 'wait' ? job.overlap.seconds : 0);
  if ('busy' in answer && job.overlap.kind === 'replace') {
    host.debug(`${job.name} replaces ${describeHolder(answer.busy)}`);
    if (answer.busy.runId !== undefined) markReplaced(path, answer.busy.runId);
    await endHolder(answer.busy, job, host);
    answer = await take(job.killAfterSeconds + leewaySeconds);
  }
  return 'busy' in answer ? { busy: describeHolder(answer.busy) } : answer;
}

/** Asks the run that has the lock to end its job; what has outlived its run is ended here. */
async function endHolder(holder: LockHolder, job: Job, host: JobHost): Promise<void> {
  const { endLeftRun, signalHolder } = await import('../shell/end-left-run.ts');
  if (holder.pid !== undefined && holder.isLeftOver !== true) return signalHolder(holder.pid);
  if (holder.runId === undefined) return;
  await endLeftRun(holder.runId, { killAfterSeconds: job.killAfterSeconds, hurry: host.signal });
}

/** Beside the lock: the run that is ended for the next one must not be told as one that failed. */
function markReplaced(lockPath: string, runId: string): void {
  writeFileSync(replacedPath(lockPath), runId, { mode: 0o600 });
}

/** Whether another run has taken the place of this one, which was interrupted. */
export function wasReplaced(job: Job, host: JobHost, runId: string): boolean {
  if (job.lock === undefined) return false;
  try {
    const path = replacedPath(jobLockPath(host, job.lock));
    if (readFileSync(path, 'utf8') !== runId) return false;
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

function replacedPath(lockPath: string): string {
  return `${lockPath}.replaced`;
}

import { join } from 'node:path';
import { acquireLock } from '../locks/acquire-lock.ts';
import type { LockAnswer, LockHolder } from '../locks/lock.ts';
import { formatDuration } from '../quantity/duration.ts';
import type { Environment } from '../shell/find-program.ts';
import { type Account, lockDirectory } from '../state/directories.ts';
import { ensurePrivateDirectory } from '../state/private-directory.ts';

export interface JobLockRequest {
  /** Our own process. */
  pid: number;
  /** Unix time in seconds. */
  now: number;
  /** What the others are told that we do, such as `devops run backup-db`. */
  what: string;
  /** Who wants to replace us finds our processes by it. */
  runId: string;
  env: Environment;
  signal: AbortSignal;
  /** How long to wait for whoever has it; 0 answers at once. */
  waitSeconds: number;
  /** Whether the job gets the lock's descriptor; not for one that starts daemons, which would keep it for ever. */
  inherit: boolean;
}

/** The file of a lock, whose name is checked (jobNameMistake), in a folder that is there when this returns. */
export function jobLockPath(account: Account, name: string): string {
  const folder = lockDirectory(account);
  ensurePrivateDirectory(folder, account.uid);
  return join(folder, `job-${name}.lock`);
}

/**
 * Takes the lock of a job. With `inherit` its `descriptor` has to be given to the job as an extra descriptor: then, when
 * we are killed by -9, the lock stays busy as long as the job lives, or anything that it has started, and it is free
 * when they have ended; the next run is told of what is left over (`isLeftOver`).
 *
 * Where there is no flock(1) the lock is a pid file, has no descriptor, and belongs to us alone: it is free when we are
 * gone, so after a kill -9 the next run starts beside the orphaned job. `doctor` tells of a missing flock.
 *
 * Throws UserError when the lock cannot be used, and what the signal aborts with.
 */
export async function takeJobLock(path: string, { inherit, ...request }: JobLockRequest): Promise<LockAnswer> {
  const answer = await acquireLock(path, { ...request, isHandedOn: inherit });
  if ('busy' in answer || inherit) return answer;
  const { lock } = answer;
  return { lock: { release: () => lock.release() } };
}

/** Who has a lock, for people: `devops run backup-db, process 4711, for 2h 5m`. */
export function describeHolder({ pid, sinceSeconds, what, isLeftOver }: LockHolder): string {
  const words: string[] = [];
  if (what !== undefined && what !== '') words.push(what);
  if (isLeftOver === true) words.push('which was killed or has ended and left processes behind');
  else if (pid !== undefined) words.push(`process ${pid}`);
  if (sinceSeconds !== undefined) words.push(`for ${formatDuration(sinceSeconds)}`);
  return words.length === 0 ? 'somebody who does not say who it is' : words.join(', ');
}

import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { systemErrorName } from '../files/system-failure.ts';
import { acquireLock } from '../locks/acquire-lock.ts';
import type { Environment } from '../shell/find-program.ts';

/** Whoever has it needs a few milliseconds. */
const waitSeconds = 10;

/**
 * Keeps what a job remembers from being changed by two at once: a start that finds the job still running counts that
 * while the run before may just end. One who cannot have the lock goes on without, and tells so: an alert that arrives
 * twice is better than none. Answers with what releases it.
 */
export async function lockJobState(
  folder: string,
  job: string,
  host: { pid: number; now(): number; env: Environment; warn(message: string): void },
): Promise<() => void> {
  const { pid, env } = host;
  const now = Math.floor(host.now() / 1000);
  const signal = AbortSignal.timeout(waitSeconds * 2000);
  try {
    const what = `devops run ${job}`;
    const answer = await acquireLock(join(folder, 'state.lock'), { pid, now, what, env, signal, waitSeconds });
    if ('lock' in answer) return () => answer.lock.release();
    host.warn(`what ${job} remembers is locked for too long, and is changed nevertheless`);
  } catch (error) {
    if (!(error instanceof UserError) && systemErrorName(error) === undefined && !signal.aborted) throw error;
    host.warn((error as Error).message);
  }
  return () => undefined;
}

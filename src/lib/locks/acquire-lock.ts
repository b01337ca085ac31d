import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../shell/find-program.ts';
import { monotonicSeconds } from '../shell/monotonic-seconds.ts';
import { acquirePidFile } from './acquire-pid-file.ts';
import type { Lock, LockAnswer, LockRequest } from './lock.ts';
import { heldLock, isStillAt, openLockFile, readHolder } from './lock-file.ts';
import { runFlock, waitForFlock } from './run-flock.ts';
import type { FlockAnswer } from './run-flock.ts';
import { unusable } from './unusable.ts';

/** Somebody would have to remove the file again and again. */
const mostAttempts = 10;
/** Between two looks where nobody tells us that it is free. */
const pollSeconds = 0.5;
/** One flock(1) does not wait longer; another one goes on. */
const longestWait = 86_400;

export interface AcquireLockOptions extends LockRequest {
  /** Its PATH has flock(1). */
  env: Environment;
  signal: AbortSignal;
  /** How long to wait for whoever has it. Default 0. */
  waitSeconds?: number | undefined;
}

/**
 * Takes the lock `path`, or answers who has it, at once or after `waitSeconds`. `path` lies in a private directory, which
 * is there.
 *
 * It is flock(2), by flock(1) on a descriptor that it inherits: the lock belongs to what both have opened, so it stays
 * when flock(1) ends and goes when our descriptor is closed, also by a kill -9. No stale lock can remain. The file itself
 * stays for ever, for whoever removes a lock file lets two in; other programs that we start do not inherit it, unless
 * the descriptor is handed on to them. Where there is no flock(1) it is `path.pid`, see acquirePidFile.
 *
 * Throws UserError when the file cannot be made, is no plain file, or the filesystem has no locks; what the signal
 * aborts with otherwise. Costs 3 ms of CPU for the program that is started.
 */
export async function acquireLock(path: string, options: AcquireLockOptions): Promise<LockAnswer> {
  const began = monotonicSeconds();
  const elapsed = (): number => monotonicSeconds() - began;
  let answer = await tryToLock(path, options, 0);
  while ('busy' in answer) {
    const left = (options.waitSeconds ?? 0) - elapsed();
    if (left <= 0) return answer;
    answer = await tryToLock(path, options, Math.min(left, longestWait), elapsed);
  }
  return answer;
}

async function tryToLock(
  path: string,
  options: AcquireLockOptions,
  waitSeconds: number,
  elapsed = (): number => 0,
): Promise<LockAnswer> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const descriptor = openLockFile(path);
    let lock: Lock | undefined;
    try {
      const answer = await askFlock(path, descriptor, options, waitSeconds);
      const request = { ...options, now: options.now + elapsed() };
      if (answer === 'missing') return acquirePidFile(`${path}.pid`, { ...request, isHandedOn: false });
      if (answer === 'busy') return { busy: await readHolder(descriptor, request.now) };
      if (!isStillAt(path, descriptor)) continue;
      lock = heldLock(descriptor, request);
      return { lock };
    } finally {
      if (lock === undefined) closeSync(descriptor);
    }
  }
  throw unusable(path, 'somebody removes it again and again', `see who does: ls -la '${path}'`);
}

async function askFlock(
  path: string,
  descriptor: number,
  { env, signal }: AcquireLockOptions,
  waitSeconds: number,
): Promise<FlockAnswer> {
  if (waitSeconds > 0) {
    const answer = await waitForFlock(path, descriptor, { env, signal, seconds: waitSeconds });
    if (answer === 'locked' || answer === 'busy') return answer;
    await pause(Math.min(waitSeconds, pollSeconds), signal);
  }
  return runFlock(path, descriptor, { env, signal });
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch {
    // Its own error only says that it was aborted, not why.
    signal.throwIfAborted();
  }
}

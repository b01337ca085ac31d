import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, openSync, writeSync } from 'node:fs';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';
import type { Environment } from '../shell/find-program.ts';
import { streamProgram } from '../shell/stream-program.ts';
import { printable } from '../text/printable.ts';
import { acquirePidFile } from './acquire-pid-file.ts';
import { formatClaim, holderOf, isAlive, newClaim, readClaim } from './claim.ts';
import type { Lock, LockAnswer, LockHolder, LockRequest } from './lock.ts';
import { unusable } from './unusable.ts';

/** Somebody would have to remove the file again and again. */
const mostAttempts = 10;

/**
 * Takes the lock `path`, or answers at once with who has it. `path` lies in a private directory, which is there.
 *
 * It is flock(2), by flock(1) on a descriptor that it inherits: the lock belongs to what both have opened, so it stays
 * when flock(1) ends and goes when our descriptor is closed, also by a kill -9. No stale lock can remain. The file itself
 * stays for ever, for whoever removes a lock file lets two in; other programs that we start do not inherit it. Where
 * there is no flock(1) it is `path.pid`, see acquirePidFile.
 *
 * Throws UserError when the file cannot be made, is no plain file, or the filesystem has no locks; what the signal
 * aborts with otherwise. Costs 10 ms for the program that is started, and 4 ms where it is not the first one.
 */
export async function acquireLock(
  path: string,
  options: LockRequest & { env: Environment; signal: AbortSignal },
): Promise<LockAnswer> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const descriptor = openLockFile(path);
    let lock: Lock | undefined;
    try {
      const answer = await runFlock(path, descriptor, options);
      if (answer === 'missing') return acquirePidFile(`${path}.pid`, options);
      if (answer === 'busy') return { busy: await readHolder(descriptor, options.now) };
      // Of a file that was removed meanwhile, others do not see the lock.
      if (!isStillAt(path, descriptor)) continue;
      writeHolder(path, descriptor, options);
      lock = lockOf(descriptor);
      return { lock };
    } finally {
      if (lock === undefined) closeSync(descriptor);
    }
  }
  throw unusable(path, 'somebody removes it again and again', `see who does: ls -la '${path}'`);
}

function openLockFile(path: string): number {
  // As every file that Node opens it is O_CLOEXEC; without waiting, should it be a named pipe.
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  let descriptor: number;
  try {
    descriptor = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0o600);
  } catch (error) {
    if (systemErrorName(error) === 'ELOOP') throw unusable(path, 'it is a symbolic link', `remove it: rm '${path}'`);
    const hint = `see what is there: ls -ld '${path}'; df -h '${path}'`;
    throw systemFailure(`cannot open the lock '${path}'`, error, [hint]);
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw unusable(path, 'it is not a regular file', `remove it: rm '${path}'`);
}

async function runFlock(
  path: string,
  descriptor: number,
  { env, signal }: { env: Environment; signal: AbortSignal },
): Promise<'locked' | 'busy' | 'missing'> {
  // The words that busybox has as well. Standard input is the descriptor.
  const stream = streamProgram({ argv: ['flock', '-x', '-n', '0'], env, input: descriptor, signal });
  let next = await stream.next();
  while (!next.done) next = await stream.next();
  const { end, stderr } = next.value;
  if (end.kind === 'exited' && end.code === 0) return 'locked';
  // Silent, for a failure of busybox is 1 as well.
  if (end.kind === 'exited' && end.code === 1 && stderr === '') return 'busy';
  if (end.kind === 'not-started' && end.code !== 'failed') return 'missing';
  signal.throwIfAborted();
  const reason = end.kind === 'not-started' ? end.message : printable(stderr.trim().slice(0, 200));
  throw unusable(path, reason === '' ? `flock ended with ${JSON.stringify(end)}` : reason, 'name a local disk for it');
}

function isStillAt(path: string, descriptor: number): boolean {
  const ours = fstatSync(descriptor, { bigint: true });
  const theirs = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return theirs !== undefined && theirs.ino === ours.ino && theirs.dev === ours.dev;
}

function writeHolder(path: string, descriptor: number, request: LockRequest): void {
  const claim = newClaim(request);
  try {
    ftruncateSync(descriptor);
    // Without a /proc nobody could tell whether it is still true.
    if (claim !== undefined) writeSync(descriptor, formatClaim(claim), 0);
  } catch (error) {
    throw systemFailure(`cannot write the lock '${path}'`, error, [`make room there: df -h '${path}'`]);
  }
}

/** What the file says may be of the one before, who was killed, until the new one has written. */
async function readHolder(descriptor: number, now: number): Promise<LockHolder> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const claim = readClaim(descriptor);
    if (claim !== undefined && isAlive(claim)) return holderOf(claim, now);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {};
}

function lockOf(descriptor: number): Lock {
  let isHeld = true;
  return {
    release() {
      if (!isHeld) return;
      isHeld = false;
      try {
        // So that nobody is told of us any more.
        ftruncateSync(descriptor);
      } catch (error) {
        // It is gone either way: what stands there is only for people.
        if (systemErrorName(error) === undefined) throw error;
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

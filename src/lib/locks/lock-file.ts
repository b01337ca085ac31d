import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, openSync, writeSync } from 'node:fs';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';
import { formatClaim, holderOf, isAlive, mayBeLeftOver, newClaim, readClaim } from './claim.ts';
import type { Claim } from './claim.ts';
import type { Lock, LockHolder, LockRequest } from './lock.ts';
import { unusable } from './unusable.ts';

/** Throws UserError when it cannot be opened or is no plain file. */
export function openLockFile(path: string): number {
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

/** Whether the file that we have open still has its name: of one that was removed, others do not see the lock. */
export function isStillAt(path: string, descriptor: number): boolean {
  const ours = fstatSync(descriptor, { bigint: true });
  const theirs = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return theirs !== undefined && theirs.ino === ours.ino && theirs.dev === ours.dev;
}

/**
 * Who has the lock that we were refused. What the file says may be of the one before, who was killed, until the new one
 * has written, so a claim that is not true is read again.
 */
export async function readHolder(descriptor: number, now: number): Promise<LockHolder> {
  let claim: Claim | undefined;
  for (let attempt = 0; attempt < 5; attempt++) {
    claim = readClaim(descriptor);
    if (claim !== undefined && isAlive(claim)) return holderOf(claim, now);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return claim !== undefined && mayBeLeftOver(claim) ? { ...holderOf(claim, now), isLeftOver: true } : {};
}

/** The lock that the open file has, with our claim in it. */
export function heldLock(descriptor: number, request: LockRequest): Lock {
  const claim = newClaim(request);
  // Without a /proc nobody could tell whether it is still true.
  write(descriptor, claim === undefined ? '' : formatClaim(claim));
  let isHeld = true;
  return {
    descriptor,
    release() {
      if (!isHeld) return;
      isHeld = false;
      try {
        // So that nobody is told of us any more, unless what we leave behind goes on.
        const isHandedOn = claim?.isHandedOn === true;
        write(descriptor, isHandedOn ? formatClaim({ ...claim, isReleased: true }) : '');
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/**
 * On a full disk nobody can be told who has the lock, but it is had all the same: the job that makes room has to run.
 */
function write(descriptor: number, text: string): void {
  try {
    ftruncateSync(descriptor);
    if (text !== '') writeSync(descriptor, text, 0);
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
  }
}

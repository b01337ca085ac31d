import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';
import { formatClaim, holderOf, isAlive, newClaim, readClaim } from './claim.ts';
import type { Claim } from './claim.ts';
import type { Lock, LockAnswer, LockRequest } from './lock.ts';
import { unusable } from './unusable.ts';

/** Each time somebody else must have been faster. */
const mostAttempts = 100;
/** Each step is a holder that was killed within a few microseconds of its start. */
const longestChain = 100;

/**
 * A lock for machines without flock(1): the file `path`, whose one line says which process has it. A process that is
 * gone, is a zombie, or has the number of another one by now does not hold it.
 *
 * Whoever finds the holder dead may not just replace the file: of two who do, the second would replace the lock of the
 * first. Instead, a claim has at most one successor, the file `path.after-ID` with the ID of the dead claim, made by
 * link(2), which the kernel lets one of them do. The one who has it moves it to `path`. So nobody but the holder ever
 * changes `path`, and who finds it changed after his link has linked himself behind something that is over, and tries
 * again.
 *
 * A holder in another pid namespace, such as a container with the same volume, looks dead. Throws UserError.
 */
export function acquirePidFile(path: string, request: LockRequest): LockAnswer {
  const ours = newClaim(request);
  if (ours === undefined) {
    throw unusable(path, 'there is neither flock(1) nor /proc', 'install util-linux');
  }
  const temporary = `${path}.new-${ours.id}`;
  try {
    writeFileSync(temporary, formatClaim(ours), { flag: 'wx', mode: 0o600 });
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const answer = tryOnce(path, ours, temporary, request.now);
      if (answer !== undefined) return answer;
    }
  } catch (error) {
    if (systemErrorName(error) === undefined || error instanceof TypeError) throw error;
    const hint = `see what is there: ls -ld '${path}'; df -h '${path}'`;
    throw systemFailure(`cannot take the lock '${path}'`, error, [hint]);
  } finally {
    rmSync(temporary, { force: true });
  }
  throw unusable(path, 'others are always faster', 'try again');
}

/** Undefined: try again. */
function tryOnce(path: string, ours: Claim, temporary: string, now: number): LockAnswer | undefined {
  if (isLinked(temporary, path)) return { lock: lockOf(path, ours) };
  const head = lookAt(path);
  if (head === undefined) return undefined;
  let last = head;
  const behind: string[] = [];
  while (behind.length < longestChain) {
    if (last.claim !== undefined && isAlive(last.claim)) return { busy: holderOf(last.claim, now) };
    const successor = `${path}.after-${last.id}`;
    if (isLinked(temporary, successor)) {
      if (lookAt(path)?.id !== head.id) {
        unlinkSync(successor);
        return undefined;
      }
      renameSync(successor, path);
      // Only from the old head on was there a way to them.
      for (const name of behind) rmSync(name, { force: true });
      return { lock: lockOf(path, ours) };
    }
    const next = lookAt(successor);
    if (next === undefined) return undefined;
    behind.push(successor);
    last = next;
  }
  throw unusable(path, 'too many holders of it were killed', `when none is left: rm '${path}'*`);
}

/** Whether this made `name`; false when it was there. */
function isLinked(temporary: string, name: string): boolean {
  try {
    linkSync(temporary, name);
    return true;
  } catch (error) {
    if (systemErrorName(error) === 'EEXIST') return false;
    throw error;
  }
}

interface Found {
  /** Undefined for what nobody wrote as a claim, such as an empty file after a power cut: nobody holds that. */
  claim: Claim | undefined;
  id: string;
}

function lookAt(path: string): Found | undefined {
  let descriptor: number;
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return undefined;
    if (systemErrorName(error) === 'ELOOP') throw unusable(path, 'it is a symbolic link', `remove it: rm '${path}'`);
    throw error;
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (!stats.isFile()) throw unusable(path, 'it is not a regular file', `remove it: rm '${path}'`);
    const claim = readClaim(descriptor);
    return { claim, id: claim?.id ?? `${stats.ino}-${stats.mtimeNs}` };
  } finally {
    closeSync(descriptor);
  }
}

function lockOf(path: string, ours: Claim): Lock {
  let isHeld = true;
  return {
    release() {
      if (!isHeld) return;
      isHeld = false;
      // Ours as long as we live; somebody may have removed it by hand.
      if (lookAt(path)?.id === ours.id) rmSync(path, { force: true });
    },
  };
}

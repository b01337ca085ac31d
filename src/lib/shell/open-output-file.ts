import { closeSync, constants, fchmodSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';

/** Room that has to be there for a job to begin with. */
const firstBytes = 65_536;

/**
 * Makes the file for the output of a run and opens it for appending, readable by us alone (0600, whatever the umask).
 * A file or link that is there already is never written to. That there is room for 64 KiB is tried out, so that a full
 * disk is known before the job gets its errors; one that fills up later answers the job itself with ENOSPC.
 *
 * Throws UserError with the path and the reason; no file is left then. The caller closes the descriptor.
 */
export function openOutputFile(path: string): number {
  const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  let descriptor: number;
  try {
    descriptor = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  } catch (error) {
    throw systemFailure(`cannot keep output in '${path}'`, error);
  }
  try {
    fchmodSync(descriptor, 0o600);
    proveRoom(descriptor);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    rmSync(path, { force: true });
    throw systemFailure(`cannot keep output in '${path}'`, error);
  }
}

function proveRoom(descriptor: number): void {
  const written = writeSync(descriptor, Buffer.alloc(firstBytes));
  ftruncateSync(descriptor, 0);
  // A disk that is nearly full takes a part.
  if (written < firstBytes) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
}

/** Whether all of `bytes` were written; false when the disk is full or gone. */
export function appendWhole(descriptor: number, bytes: Uint8Array): boolean {
  try {
    for (let done = 0; done < bytes.length;) {
      const written = writeSync(descriptor, bytes, done);
      if (written === 0) return false;
      done += written;
    }
    return true;
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return false;
  }
}

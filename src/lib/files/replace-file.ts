import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { followLinks } from './follow-links.ts';
import { randomName } from './random-name.ts';
import { systemErrorName, systemFailure } from './system-failure.ts';

/**
 * Puts `content` in the place of a file, or makes the file: whoever reads it sees the old content or the new one,
 * never a part, also after a crash or a power cut. The file gets `mode` (default 0600), whatever the umask or the old
 * file say, and belongs to us.
 *
 * A symbolic link is followed and its target replaced, as editors do: who links `state.json` to another disk means the
 * content to be there, and a link replaced by a file would quietly undo that.
 *
 * Throws UserError with the path and the reason. The old file is untouched then and no temporary file is left; only
 * where the last step fails, and the message says so, is the new content there and may not survive a power cut.
 */
export function replaceFile(path: string, content: string | Uint8Array, options: { mode?: number } = {}): void {
  const target = targetOf(path);
  const folder = dirname(target);
  const temporary = join(folder, `.devops-${randomName()}.tmp`);
  let folderDescriptor: number | undefined;
  try {
    // Opened first, so that a folder that cannot be synced is told before anything has changed.
    folderDescriptor = openSync(folder, 'r');
    writeDurably(temporary, typeof content === 'string' ? Buffer.from(content) : content, options.mode ?? 0o600);
    renameSync(temporary, target);
  } catch (error) {
    if (folderDescriptor !== undefined) closeSync(folderDescriptor);
    throw systemFailure(`cannot write '${path}'`, error, [...hintsFor(error, folder), ...removeTemporary(temporary)]);
  }
  try {
    syncFolder(path, folderDescriptor);
  } finally {
    closeSync(folderDescriptor);
  }
}

/** What is left to do by hand, if anything. */
function removeTemporary(path: string): string[] {
  try {
    rmSync(path, { force: true });
    return [];
  } catch {
    if (!existsSync(path)) return [];
    return [`remove what is left of the new file: rm '${path}'`];
  }
}

function writeDurably(path: string, content: Uint8Array, mode: number): void {
  // wx is O_EXCL: a file or link that somebody put there is never written through.
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(descriptor, content);
    fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Without this the rename itself may be lost in a power cut. */
function syncFolder(path: string, descriptor: number): void {
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Some network filesystems have no such thing for a folder, fsync(2).
    if (systemErrorName(error) === 'EINVAL') return;
    throw systemFailure(`replaced '${path}', but it may not survive a power cut`, error);
  }
}

/** A rename over /dev/null or a named pipe would put a plain file where others need the device. */
function targetOf(path: string): string {
  let target: string;
  let stats: Stats | undefined;
  try {
    target = followLinks(path);
    stats = lstatSync(target, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw systemFailure(`cannot write '${path}'`, error);
  }
  if (stats === undefined || stats.isFile()) return target;
  const kind = stats.isDirectory() ? 'a folder' : 'not a regular file';
  throw new UserError(`cannot write '${path}': it is ${kind}`, { hints: ['name a file'] });
}

function hintsFor(error: unknown, folder: string): string[] {
  switch (systemErrorName(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return [`make room there: df -h '${folder}'; df -i '${folder}'`];
    case 'ENOENT':
      return [`make the folder first: mkdir -p '${folder}'`];
    case 'EACCES':
    case 'EPERM':
      return [`see who may write there: ls -ld '${folder}'`];
    case undefined:
    default:
      return [];
  }
}

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../errors/user-error.ts';
import { systemFailure } from '../files/system-failure.ts';
import { formatSize } from '../quantity/size.ts';

/** No password or token comes near it, and whoever names another file by mistake learns it at once. */
const mostBytes = 64 * 1024;

/**
 * The secret that a file holds, such as a password, without the newline that an editor puts behind it. `uid` is who we
 * are: the file has to belong to us or to root, and nobody else may read or write it, as ssh asks of its keys.
 * `groupMayRead` is for what systemd hands to a unit: it lets our user in by an access list, which shows as mode 0440.
 *
 * Throws UserError when it cannot be read, is no regular file, is larger than 64 KiB or not UTF-8, or is open to
 * others. No message shows anything of what is in it.
 */
export function readSecretFile(path: string, uid: number, { groupMayRead = false } = {}): string {
  const descriptor = openFile(path);
  try {
    requirePrivate(path, descriptor, uid, groupMayRead ? 0o037 : 0o077);
    return withoutNewline(decode(path, readBytes(path, descriptor)));
  } finally {
    closeSync(descriptor);
  }
}

function openFile(path: string): number {
  try {
    // Without waiting, because a named pipe that nobody writes to would hold us for ever.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    throw systemFailure(`cannot read the secret file '${path}'`, error);
  }
}

/** Of the opened file, so that nobody can put another one in its place in between. */
function requirePrivate(path: string, descriptor: number, uid: number, forbidden: number): void {
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) throw refusal(path, 'it is no regular file', 'write the secret into a file of its own');
  const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0');
  if (stats.uid !== uid && stats.uid !== 0) {
    const we = uid === 0 ? 'not to root' : `neither to us (user ${uid}) nor to root`;
    throw refusal(path, `it belongs to user ${stats.uid}, ${we}`, `make it yours: chown ${uid} '${path}'`);
  }
  if ((stats.mode & forbidden) !== 0) {
    throw refusal(path, `others than its owner can use it (mode ${mode})`, `take that away: chmod 600 '${path}'`);
  }
}

function readBytes(path: string, descriptor: number): Buffer {
  const buffer = Buffer.alloc(mostBytes + 1);
  let length = 0;
  try {
    // Until its end, instead of trusting the size, which may change meanwhile.
    for (;;) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, length);
      length += count;
      if (count === 0 || length === buffer.length) break;
    }
  } catch (error) {
    throw systemFailure(`cannot read the secret file '${path}'`, error);
  }
  if (length <= mostBytes) return buffer.subarray(0, length);
  throw refusal(path, `it is larger than ${formatSize(mostBytes)}`, 'check that it is the right file');
}

function decode(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Without a cause: the decoder's own words could quote it.
    throw refusal(path, 'it is not UTF-8', 'save it as UTF-8, for instance with iconv -t UTF-8');
  }
}

function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}

function refusal(path: string, reason: string, hint: string): UserError {
  return new UserError(`will not use the secret file '${path}': ${reason}`, { code: 'permission', hints: [hint] });
}

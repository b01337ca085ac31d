import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';
import { formatSize } from '../../quantity/size.ts';
import { NoAnswer } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import type { StoreProblem } from './stored-certificates.ts';

/** The largest bundle of all roots there are has less than one MiB. */
export const mostBytes = 64 * 1024 * 1024;

const chunkLength = 256 * 1024;

/** A file that is not worth reading; its message goes on where a sentence began with the file's name. */
class UnfitFile extends Error {
  override readonly name = 'UnfitFile';
}

/** What stat(2) says of the file that a path leads to. Rejects with what node:fs and the deadline reject with. */
export async function statPath(path: string, deadline: Deadline): Promise<BigIntStats> {
  const { stat } = await import('node:fs/promises');
  return deadline.wait(stat(path, { bigint: true }));
}

/**
 * All bytes of a regular file; undefined when `isWanted` says no to the first of them. `stats` are those of `statPath`:
 * what is no regular file must not even be opened, because opening a device can do something.
 *
 * Rejects with anything that `problemOf` explains.
 */
export async function readStoreFile(
  path: string,
  stats: BigIntStats,
  deadline: Deadline,
  isWanted: (firstBytes: Buffer) => boolean = () => true,
): Promise<Buffer | undefined> {
  requireFit(stats);
  const { open } = await import('node:fs/promises');
  // Another file may have taken its place meanwhile; waiting for somebody to write to a pipe is what must not happen.
  const opening = open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  let handle: FileHandle;
  try {
    handle = await deadline.wait(opening);
  } catch (error) {
    opening.then(close, () => undefined);
    throw error;
  }
  try {
    requireFit(await deadline.wait(handle.stat({ bigint: true })));
    return await readAll(handle, deadline, isWanted);
  } finally {
    close(handle);
  }
}

/** Not waited for: on a dead mount that does not end either, and nobody has anything of how it ends. */
function close(handle: FileHandle): void {
  handle.close().catch(() => undefined);
}

function requireFit(stats: BigIntStats): void {
  if (!stats.isFile()) throw new UnfitFile('is no regular file');
  if (stats.size > mostBytes) throw tooLarge(formatSize(Number(stats.size)));
}

function tooLarge(size: string): UnfitFile {
  return new UnfitFile(`is ${size} large, more than ${formatSize(mostBytes)}: that is no store of certificates`);
}

/** Until its end, instead of trusting the size, which is 0 for the files of /proc and may change meanwhile. */
async function readAll(
  handle: FileHandle,
  deadline: Deadline,
  isWanted: (firstBytes: Buffer) => boolean,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  for (let length = 0; length <= mostBytes;) {
    const chunk = Buffer.allocUnsafe(chunkLength);
    const { bytesRead } = await deadline.wait(handle.read(chunk, 0, chunkLength, null));
    if (length === 0 && !isWanted(chunk.subarray(0, bytesRead))) return undefined;
    if (bytesRead === 0) return Buffer.concat(chunks, length);
    chunks.push(bytesRead < chunkLength ? Buffer.from(chunk.subarray(0, bytesRead)) : chunk);
    length += bytesRead;
  }
  throw tooLarge('growing and already');
}

/** Why a path gives no bytes. Throws whatever is not a matter of the file, such as the reason of a signal. */
export function problemOf(error: unknown): StoreProblem {
  if (error instanceof NoAnswer || error instanceof UnfitFile) return { code: 'unreadable', message: error.message };
  const name = systemErrorName(error);
  if (name === 'ENOENT' || name === 'ENOTDIR') return { code: 'not-found', message: 'does not exist' };
  // A path with a zero byte in it.
  if (name === 'ERR_INVALID_ARG_VALUE') return { code: 'not-found', message: 'is no possible path' };
  if (!(error instanceof Error) || !('errno' in error)) throw error;
  const { message } = systemFailure('cannot be read', error);
  if (name !== 'EACCES' && name !== 'EPERM') return { code: 'unreadable', message };
  return { code: 'unreadable', message, hint: 'run it as a user who may read it' };
}

import { inflate } from './inflate.ts';
import { headLength, tailLength } from './fingerprint.ts';
import { readAt } from './stored-file.ts';
import type { StoredFile } from './stored-file.ts';

const chunkLength = 64 * 1024;

/** The first bytes, uncompressed, at most 1 KiB. */
export async function readHead(file: StoredFile, signal: AbortSignal): Promise<Buffer> {
  if (file.kind === 'plain') return readAt(file.descriptor, 0, Math.min(headLength, file.identity.size));
  if (file.kind === 'unknown') return Buffer.alloc(0);
  let head = Buffer.alloc(0);
  const take = (chunk: Buffer): boolean => {
    head = Buffer.concat([head, chunk.subarray(0, headLength - head.length)]);
    return head.length < headLength;
  };
  await inflate(file, take, signal);
  return head;
}

export interface Place {
  /** At most 256 bytes. */
  before: Buffer;
  /** Whether nothing follows. */
  atEnd: boolean;
}

/** What stands before an offset, which counts uncompressed bytes; undefined when the content ends before it. */
export async function readPlace(file: StoredFile, offset: number, signal: AbortSignal): Promise<Place | undefined> {
  const start = Math.max(0, offset - tailLength);
  if (file.kind === 'plain') {
    if (file.identity.size < offset) return undefined;
    return { before: readAt(file.descriptor, start, offset - start), atEnd: file.identity.size === offset };
  }
  if (file.kind === 'unknown') return undefined;
  const before = Buffer.alloc(offset - start);
  let position = 0;
  const take = (chunk: Buffer): boolean => {
    const from = Math.max(0, start - position);
    if (from < chunk.length && position < offset) {
      chunk.copy(before, Math.max(0, position - start), from, Math.min(chunk.length, offset - position));
    }
    position += chunk.length;
    return position <= offset;
  };
  await inflate(file, take, signal);
  return position < offset ? undefined : { before, atEnd: position === offset };
}

/**
 * Whether `current`, a plain file, holds all that `copy` holds from `offset` on: then that is a copy of it, or one that
 * is just being made, and what is new goes on in `current`.
 */
export async function isContinued(
  current: StoredFile,
  copy: StoredFile,
  offset: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (current.kind !== 'plain') return false;
  let isEqual = true;
  const take = (chunk: Buffer, position: number): boolean => {
    isEqual = readAt(current.descriptor, position, chunk.length).equals(chunk);
    return isEqual;
  };
  await readFrom(copy, offset, take, signal);
  return isEqual;
}

type Take = (chunk: Buffer, position: number) => boolean;

/** Hands what stands behind `offset` to `take`, with its position, until that answers false or nothing is left. */
async function readFrom(file: StoredFile, offset: number, take: Take, signal: AbortSignal): Promise<void> {
  if (file.kind === 'plain') {
    for (let position = offset; position < file.identity.size; position += chunkLength) {
      signal.throwIfAborted();
      const length = Math.min(chunkLength, file.identity.size - position);
      if (!take(readAt(file.descriptor, position, length), position)) return;
    }
    return;
  }
  let position = 0;
  const skip = (chunk: Buffer): boolean => {
    const from = Math.max(0, offset - position);
    const isWanted = from >= chunk.length || take(chunk.subarray(from), position + from);
    position += chunk.length;
    return isWanted;
  };
  await inflate(file, skip, signal);
}

import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomName } from '../files/random-name.ts';
import { systemFailure } from '../files/system-failure.ts';
import { capturedText, gapLine } from './head-and-tail.ts';
import type { CaptureLimits } from './head-and-tail.ts';
import type { OutputText } from './output-log.ts';
import { brokenAtEnd, brokenAtStart } from './utf8-cut.ts';

/**
 * The beginning and the end of a file, cut between characters, with a line between them that tells what was left out.
 * Who is still writing to it does no harm: it is read up to its present end. Throws UserError.
 */
export function readHeadAndTail(path: string, limits: CaptureLimits): OutputText {
  return withFile(path, (descriptor) => {
    const totalBytes = fstatSync(descriptor).size;
    if (totalBytes <= limits.headBytes + limits.tailBytes) {
      return { text: readAt(descriptor, 0, totalBytes).toString(), totalBytes, omittedBytes: 0 };
    }
    const { head, tail } = endsOf(descriptor, totalBytes, limits);
    const omittedBytes = totalBytes - head.length - tail.length;
    const text = capturedText({ head, tail, totalBytes, omittedBytes, complete: true });
    return { text, totalBytes, omittedBytes };
  });
}

/** Room for the line between the two. */
const gapBytes = 100;

/**
 * Makes a file at most `keepBytes` large: its beginning and its end stay, with a line between them that tells how much
 * was left out. A smaller one is not touched. At a crash the file is the old one or the new one. Who still writes to
 * it writes to the old one. Throws UserError; the file is as it was then.
 */
export function trimOutputFile(path: string, keepBytes: number): { totalBytes: number; omittedBytes: number } {
  return withFile(path, (descriptor) => {
    const totalBytes = fstatSync(descriptor).size;
    if (totalBytes <= keepBytes) return { totalBytes, omittedBytes: 0 };
    const half = Math.max(0, Math.floor((keepBytes - gapBytes) / 2));
    const temporary = join(dirname(path), `.devops-${randomName()}.tmp`);
    try {
      const omittedBytes = writeTrimmed(descriptor, temporary, totalBytes, half);
      renameSync(temporary, path);
      return { totalBytes, omittedBytes };
    } catch (error) {
      rmSync(temporary, { force: true });
      throw systemFailure(`cannot shorten '${path}'`, error);
    }
  });
}

/** In pieces, so that memory does not depend on how much is kept. */
function writeTrimmed(source: number, temporary: string, totalBytes: number, half: number): number {
  const limits = { headBytes: Math.min(half, 4), tailBytes: Math.min(half, 4) };
  const headEnd = half - brokenAtEnd(readAt(source, half - limits.headBytes, limits.headBytes));
  const tailStart = totalBytes - half + brokenAtStart(readAt(source, totalBytes - half, limits.tailBytes));
  const target = openSync(temporary, 'wx', 0o600);
  try {
    copy(source, target, 0, headEnd);
    writeAll(target, Buffer.from(gapLine(tailStart - headEnd)));
    copy(source, target, tailStart, totalBytes);
    fsyncSync(target);
  } finally {
    closeSync(target);
  }
  return tailStart - headEnd;
}

function endsOf(descriptor: number, totalBytes: number, limits: CaptureLimits): { head: Buffer; tail: Buffer } {
  const head = readAt(descriptor, 0, limits.headBytes);
  const tail = readAt(descriptor, totalBytes - limits.tailBytes, limits.tailBytes);
  return { head: head.subarray(0, head.length - brokenAtEnd(head)), tail: tail.subarray(brokenAtStart(tail)) };
}

function copy(source: number, target: number, from: number, to: number): void {
  for (let at = from; at < to;) {
    const piece = readAt(source, at, Math.min(262_144, to - at));
    if (piece.length === 0) throw new Error('it became shorter meanwhile');
    writeAll(target, piece);
    at += piece.length;
  }
}

function writeAll(target: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(target, bytes, done);
}

/** Fewer bytes only where the file ends. */
function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const read = readSync(descriptor, bytes, done, length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}

function withFile<Result>(path: string, use: (descriptor: number) => Result): Result {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw systemFailure(`cannot read '${path}'`, error);
  }
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

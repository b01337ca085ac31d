import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { systemErrorName } from '../../files/system-failure.ts';
import { identityOf } from '../cursor/file-identity.ts';
import type { FileIdentity } from '../cursor/file-identity.ts';
import { lastLineEnd } from '../cursor/last-line-end.ts';
import { readAt } from '../cursor/stored-file.ts';
import type { LogDecoder } from '../source/log-decoder.ts';
import type { SourceKind } from '../source/source-kind.ts';
import { createLineSplitter } from '../source/split-lines.ts';
import type { LineSplitter } from '../source/split-lines.ts';
import { knownBefore, nothingKnown } from './known-bytes.ts';
import type { KnownBytes } from './known-bytes.ts';

/** A file that the name of a log means, or meant. */
export interface FollowedFile {
  descriptor: number;
  identity: FileIdentity;
  /** Bytes that were read; the last of them may wait in the splitter for the end of their line. */
  position: number;
  known: KnownBytes;
  /** Undefined until there are enough bytes to tell. */
  kind: SourceKind | undefined;
  decoder: LogDecoder | undefined;
  splitter: LineSplitter;
  /** Size in bytes and time of the last change (ctime, nanoseconds) as seen at last. */
  size: number;
  changed: bigint;
  /** Time of the last change when the known bytes were looked for. */
  checked: bigint | undefined;
  /** There may be something to read. */
  hasNews: boolean;
  /** What comes next stands at the beginning of a file or after a line that was cut off. */
  startsAnew: boolean;
  /** Bytes of zeros at its beginning are the hole that a truncation left before a writer that kept its position. */
  skipsHole: boolean;
  /** Looks in a row without news, while the name does not mean it. */
  quietLooks: number;
  /** The same, only since the next file has something. */
  endLooks: number;
  /** Looks since the next file has something. */
  nextLooks: number;
  /** The next file is read by now; what still comes here is delivered as it comes. */
  isPassed: boolean;
}

/** How far back the beginning of the last line is looked for. */
const mostBack = 1024 * 1024;

/**
 * Opens what the path means, to be read from its start. Undefined when nothing is there (any more) or when it is not a
 * regular file; throws the failure of the system call.
 */
export function openFollowed(path: string, longestLine: number): FollowedFile | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    // ENXIO is a socket.
    if (['ENOENT', 'ENOTDIR', 'ENXIO'].includes(systemErrorName(error) ?? '')) return undefined;
    throw error;
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (stats.isFile()) return followedFile(descriptor, stats, longestLine);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  closeSync(descriptor);
  return undefined;
}

function followedFile(descriptor: number, stats: BigIntStats, longestLine: number): FollowedFile {
  return {
    descriptor,
    identity: identityOf(stats),
    position: 0,
    known: nothingKnown,
    kind: undefined,
    decoder: undefined,
    splitter: createLineSplitter({ longestLine }),
    size: Number(stats.size),
    changed: stats.ctimeNs,
    checked: undefined,
    hasNews: true,
    startsAnew: false,
    skipsHole: false,
    quietLooks: 0,
    endLooks: 0,
    nextLooks: 0,
    isPassed: false,
  };
}

/** Passes over the bytes before `position`. */
export function beginAt(file: FollowedFile, position: number): void {
  file.position = position;
  file.known = knownBefore(file.descriptor, position);
}

/** The end of the last whole line within the first `size` bytes; `size` itself when that line is very long. */
export function lineEndBefore({ descriptor }: FollowedFile, size: number): number {
  const from = Math.max(0, size - mostBack);
  const head = readAt(descriptor, 0, 2);
  const end = lastLineEnd(descriptor, { from, size, head });
  return end === from && from > 0 ? size : end;
}

/** Takes down what a look at the file told. */
export function observe(file: FollowedFile, stats: BigIntStats): void {
  const size = Number(stats.size);
  if (size === file.size && stats.ctimeNs === file.changed) return;
  file.size = size;
  file.changed = stats.ctimeNs;
  file.hasNews = true;
}

/** Whether both are the same inode, while one of them is open or the name has just been looked up. */
export function isSameInode({ device, inode }: FileIdentity, stats: BigIntStats): boolean {
  return inode === String(stats.ino) && device === String(stats.dev);
}

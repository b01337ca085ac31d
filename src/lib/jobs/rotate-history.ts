import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { randomName } from '../files/random-name.ts';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';
import { historyFile, olderHistoryFile, olderHistoryFiles, sequenceOf, shortestLine } from './history-files.ts';
import { removeOldLogs } from './remove-old-logs.ts';

const daySeconds = 86_400;
const blockBytes = 64 * 1024;

/**
 * Removes the logs (`runs` below `folder`) and the history of runs that need not be kept. Of the history at least the
 * last `runs` stay, and less than about three times as many; it is changed by renaming and removing whole files, never by
 * writing one anew, so no run is lost that somebody adds meanwhile, and it needs no lock. `now`: Unix time in seconds.
 *
 * Throws UserError when something cannot be removed.
 */
export function rotate(folder: string, keep: { runs: number; days: number }, now: number): void {
  try {
    removeOldLogs(join(folder, 'runs'), keep, now);
    rotateHistory(folder, { ...keep, partRuns: keep.runs }, now);
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    throw systemFailure(`cannot remove old runs in '${folder}'`, error, [`see who may: ls -ld '${folder}'`]);
  }
}

/** `partRuns`: about so many runs make a part. Throws the failure of the system call. */
export function rotateHistory(
  folder: string,
  keep: { runs: number; days: number; partRuns: number },
  now: number,
): void {
  const path = join(folder, historyFile);
  const oldest = now - keep.days * daySeconds;
  if (isFull(path, keep.partRuns, oldest)) {
    const newest = olderHistoryFiles(folder).at(-1);
    // The name is new, so of two who do this at once neither replaces the part of the other.
    renameIfThere(path, join(folder, olderHistoryFile(newest === undefined ? 0 : sequenceOf(newest), randomName())));
  }
  removeOldParts(folder, keep.runs, oldest);
}

function isFull(path: string, runs: number, oldest: number): boolean {
  return (
    withFile(path, (descriptor) => {
      const { size } = fstatSync(descriptor);
      if (size === 0) return false;
      const block = Buffer.alloc(blockBytes);
      const start = block.toString('latin1', 0, readSync(descriptor, block, 0, 4096, 0));
      const [, first] = /"startedAt":"([\dTZ:.+-]{10,40})"/.exec(start) ?? [];
      if (first !== undefined && Date.parse(first) / 1000 < oldest) return true;
      if (size < runs * shortestLine) return false;
      return countLines(descriptor, size, block) >= runs;
    }) ?? false
  );
}

/** The newest of the older parts stays whatever its age, for the clock may be wrong. */
function removeOldParts(folder: string, runs: number, oldest: number): void {
  const parts = olderHistoryFiles(folder);
  let kept = countFile(join(folder, historyFile));
  for (const [index, name] of parts.toReversed().entries()) {
    const path = join(folder, name);
    const isOld = index > 0 && (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) / 1000 < oldest;
    if (kept >= runs || isOld) rmSync(path, { force: true });
    else kept += countFile(path);
  }
}

function countFile(path: string): number {
  const block = Buffer.alloc(blockBytes);
  return withFile(path, (descriptor) => countLines(descriptor, fstatSync(descriptor).size, block)) ?? 0;
}

/** All of them up to 1 MiB, else by the average of the last 64 KiB. */
function countLines(descriptor: number, size: number, block: Buffer): number {
  let lines = 0;
  let bytes = 0;
  const from = size <= 1024 ** 2 ? 0 : size - block.length;
  for (let position = from; position < size;) {
    const read = readSync(descriptor, block, 0, block.length, position);
    if (read === 0) break;
    for (let at = block.indexOf(0x0a); at !== -1 && at < read; at = block.indexOf(0x0a, at + 1)) lines++;
    position += read;
    bytes += read;
  }
  return from === 0 ? lines : (lines * size) / Math.max(1, bytes);
}

function withFile<Value>(path: string, look: (descriptor: number) => Value): Value | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return look(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Somebody else may have been faster. */
function renameIfThere(path: string, target: string): void {
  try {
    renameSync(path, target);
  } catch (error) {
    if (systemErrorName(error) !== 'ENOENT') throw error;
  }
}

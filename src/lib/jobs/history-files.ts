import { closeSync, constants, fstatSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';

/** To which runs are added. */
export const historyFile = 'history.jsonl';
/** No line of a run is shorter, so that a short history needs no look at its lines. */
export const shortestLine = 150;
/** What it was before, oldest first by name: history.000001.8c1f....jsonl. */
const olderForm = /^history\.(\d{6,15})\.[\da-f]{32}\.jsonl$/;

/** Older parts of the history, oldest first. None where there is no folder. */
export function olderHistoryFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => olderForm.test(name))
    .toSorted((one, other) => sequenceOf(one) - sequenceOf(other) || (one < other ? -1 : 1));
}

/** Place of an older part among the others. */
export function sequenceOf(name: string): number {
  return Number(olderForm.exec(name)?.[1] ?? 0);
}

/** An older part that comes after `sequence`; two that are made at once do not have the same name. */
export function olderHistoryFile(sequence: number, random: string): string {
  return `history.${String(sequence + 1).padStart(6, '0')}.${random}.jsonl`;
}

/** An open part of the history. */
export interface HistoryPart {
  descriptor: number;
  inode: number;
}

/**
 * The parts of the history, newest first, each opened when it is asked for and closed after that. The newest is opened
 * before the folder is listed, so that a rotation meanwhile hides no run. Throws UserError when one cannot be opened.
 */
export function* openHistory(folder: string): Generator<HistoryPart> {
  const newest = openPart(join(folder, historyFile));
  try {
    if (newest !== undefined) yield newest;
    for (const name of listOlder(folder).toReversed()) {
      const part = openPart(join(folder, name));
      if (part === undefined) continue;
      try {
        // It was the newest when we opened that.
        if (part.inode !== newest?.inode) yield part;
      } finally {
        closeSync(part.descriptor);
      }
    }
  } finally {
    if (newest !== undefined) closeSync(newest.descriptor);
  }
}

function listOlder(folder: string): string[] {
  try {
    return olderHistoryFiles(folder);
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return [];
    throw systemFailure(`cannot read the history in '${folder}'`, error, [`see who may: ls -ld '${folder}'`]);
  }
}

function openPart(path: string): HistoryPart | undefined {
  try {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    return { descriptor, inode: fstatSync(descriptor).ino };
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return undefined;
    throw systemFailure(`cannot read the history '${path}'`, error, [`see what is there: ls -ld '${path}'`]);
  }
}

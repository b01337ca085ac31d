import { closeSync, statSync } from 'node:fs';
import { UserError } from '../../errors/user-error.ts';
import { compareMark } from './compare-mark.ts';
import { readHead } from './content.ts';
import type { FileCursor, FileMark } from './file-cursor.ts';
import { identityOf, isSameFile, isUntouched } from './file-identity.ts';
import type { FileIdentity } from './file-identity.ts';
import { lastLineEnd } from './last-line-end.ts';
import { layOut } from './lay-out.ts';
import { leaveOutCopy } from './leave-out-copy.ts';
import { closeLogFiles, openLogFiles } from './log-files.ts';
import { pairMarks } from './pair-marks.ts';
import type { ReadPlan } from './read-plan.ts';
import { isSameListing, listLog } from './snapshot.ts';
import { openStored } from './stored-file.ts';

export interface PlanOptions {
  /** Without a cursor: deliver all there is, rotated files included, instead of only what comes from now on. */
  fromStart: boolean;
  /** Absolute paths to look at in the place of those that are called like rotated files of the path. */
  siblings?: readonly string[] | undefined;
  signal: AbortSignal;
}

const mostAttempts = 5;

/**
 * What is new in the log at `path`, which is absolute, since the run that wrote `known`. The position is found by
 * content: the head of a file and the 256 bytes before the offset tell in which file it is by now; inodes only decide
 * between equals. Nothing is written, so that making a plan again gives the same lines.
 *
 * Throws UserError when the followed path or its folder cannot be read, and the signal's reason when it is aborted.
 */
export async function planReading(
  path: string,
  known: FileCursor | undefined,
  options: PlanOptions,
): Promise<ReadPlan> {
  if (known !== undefined && (await isUnchanged(path, known.marks, options.signal))) return idlePlan(known);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    options.signal.throwIfAborted();
    const listing = listLog(path, options.siblings);
    const files = await openLogFiles(listing, known?.marks ?? [], options.signal);
    if (files === undefined) continue;
    try {
      await leaveOutCopy(files, known?.marks ?? [], options.signal);
      const pairs = await pairMarks(known?.marks ?? [], files, options.signal);
      // A rotation between two of our calls could hide a whole file behind the name of another.
      if (isSameListing(listing, listLog(path, options.siblings))) {
        return layOut({ path, known, files, pairs, fromStart: options.fromStart, isCut: listing.isCut });
      }
    } catch (error) {
      closeLogFiles(files);
      throw error;
    }
    closeLogFiles(files);
  }
  throw new UserError(`cannot find the position in '${path}': it is rotated all the time`, {
    code: 'busy',
    hints: ['try again when the rotation is through'],
  });
}

/** The idle run: a look at each known file and two reads, however large the files are. */
async function isUnchanged(path: string, marks: readonly FileMark[], signal: AbortSignal): Promise<boolean> {
  const newest = marks.at(-1);
  if (newest?.path !== path || newest.offset === null) return false;
  for (const mark of marks) {
    const identity = identityAt(mark.path);
    const isThere = identity !== undefined && isSameFile(identity, mark.identity);
    // A rotated file may have gone or been compressed; one that was written late has something new.
    if (isThere ? !isUntouched(identity, mark.identity) : mark === newest) return false;
    if (mark !== newest && !mark.isComplete) return false;
  }
  const file = openStored(path);
  if (file === undefined) return false;
  try {
    if (!isUntouched(file.identity, newest.identity) || file.kind !== 'plain') return false;
    const head = await readHead(file, signal);
    // A reader that was stopped has left whole lines behind.
    if (lastLineEnd(file.descriptor, { from: newest.offset, size: file.identity.size, head }) > newest.offset)
      return false;
    return (await compareMark(newest, { file, isCurrent: true, head }, true, signal)).score > 0;
  } finally {
    closeSync(file.descriptor);
  }
}

/** Undefined when nothing is there, or nothing that can be looked at: the longer way tells which. */
function identityAt(path: string): FileIdentity | undefined {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats && identityOf(stats);
  } catch {
    return undefined;
  }
}

function idlePlan(known: FileCursor): ReadPlan {
  return { ranges: [], lost: [], notes: [], next: known, cursorAt: () => known, close: () => undefined };
}

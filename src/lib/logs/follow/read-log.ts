import type { FollowedLines } from './follow-logs.ts';
import type { FollowedFile } from './followed-file.ts';
import { finish } from './log-state.ts';
import type { LogState } from './log-state.ts';
import { loseFile } from './look-at-log.ts';
import { endLine, readFile } from './read-file.ts';
import type { Piece } from './read-file.ts';
import type { LineBlock } from '../source/split-lines.ts';

/** A rotated file is at its end after so many quiet looks once the next one has something. */
const endingLooks = 2;
/** The same while it ends in the middle of a line, whose rest may just be written. */
const endingLooksInLine = 8;
/** So long it is looked at, 10 s at the default pause: some writers change to the new file late, or each at its time. */
const lateLooks = 40;

/** Whether there is something to read at once. */
export function hasNews({ files }: LogState): boolean {
  for (const file of files) {
    if (file.hasNews) return true;
    if (!file.isPassed) return false;
  }
  return false;
}

/** Whether a file waits to be told at its end. */
export function isEnding({ files }: LogState): boolean {
  return files.some(mayEnd);
}

function mayEnd({ endLooks, nextLooks }: FollowedFile): boolean {
  return endLooks > 0 || nextLooks >= lateLooks;
}

/** At most one chunk of each file whose turn it is: of the oldest that is not read to its end, and of those before. */
export function* readLog(state: LogState, buffer: Buffer): Generator<FollowedLines, void, void> {
  for (const file of state.files) {
    if (file.hasNews) yield* readOn(state, file, buffer);
    if (!file.hasNews && mayEnd(file)) yield* endFile(state, file, buffer);
    if (!file.isPassed) return;
  }
}

function* readOn(state: LogState, file: FollowedFile, buffer: Buffer): Generator<FollowedLines, void, void> {
  let piece: Piece;
  try {
    piece = readFile(file, buffer, state.log.name);
  } catch (error) {
    loseFile(state, file, error);
    return;
  }
  state.failure = undefined;
  yield* linesOf(state, file, piece.blocks);
  if (piece.event === 'compressed') state.note('is compressed, is left out');
  if (piece.event !== 'truncated') return;
  file.startsAnew = true;
  state.note('was truncated, goes on from its start');
}

/** What belongs to the end of a file that the name does not mean any more. */
function* endFile(state: LogState, file: FollowedFile, buffer: Buffer): Generator<FollowedLines, void, void> {
  // Too few bytes to tell how it is stored, and no more will come.
  if (file.kind === undefined && file.size > file.position) yield* readOn(state, file, buffer);
  const needed = file.splitter.carriedBytes() > 0 ? endingLooksInLine : endingLooks;
  if (file.endLooks >= needed) {
    const rest = endLine(file);
    yield* linesOf(state, file, rest);
    if (rest.length > 0) file.startsAnew = true;
    file.isPassed = true;
  } else if (file.nextLooks >= lateLooks) {
    // Its writer does not come to an end: from now on both are read.
    file.isPassed = true;
  }
  if (file.endLooks >= lateLooks) finish(state, file);
}

function* linesOf(
  state: LogState,
  file: FollowedFile,
  blocks: readonly LineBlock[],
): Generator<FollowedLines, void, void> {
  for (const { bytes, endsLine } of blocks) {
    const isOther = state.source !== undefined && state.source !== file;
    const isNewFile = isOther || file.startsAnew;
    state.source = file;
    file.startsAnew = false;
    yield { log: state.log, bytes, isNewFile, endsLine };
  }
}

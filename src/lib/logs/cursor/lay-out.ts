import type { FileCursor, FileMark } from './file-cursor.ts';
import { mostMarks } from './file-cursor.ts';
import { fingerprintOf, tailLength } from './fingerprint.ts';
import { lastLineEnd } from './last-line-end.ts';
import { closeLogFiles } from './log-files.ts';
import type { LogFile } from './log-files.ts';
import { lossesOf } from './losses.ts';
import type { Pair } from './pair-marks.ts';
import type { ReadPlan, ReadRange } from './read-plan.ts';
import { readAt } from './stored-file.ts';

export interface Found {
  path: string;
  known: FileCursor | undefined;
  /** The oldest first. */
  files: readonly LogFile[];
  /** By the file's index. */
  pairs: ReadonlyMap<number, Pair>;
  fromStart: boolean;
  /** There are older files that were not even listed. */
  isCut: boolean;
}

/** One file on its way from what was known of it to what will be. */
interface Step {
  before: FileMark | undefined;
  after: FileMark | undefined;
  range: ReadRange | undefined;
}

/** The ranges to read, in order, and the cursor behind them. Takes over the files: closing the plan closes them. */
export function layOut(found: Found): ReadPlan {
  const { files, pairs, known, path } = found;
  const isFirst = known === undefined;
  const newest = Math.max(-1, ...pairs.keys());
  const steps = files.map((file, index): Step => {
    const pair = pairs.get(index);
    const isNew = isFirst ? found.fromStart : index > newest;
    // A sibling that nobody knows and that is older than the position: a copy that is just being made, or a backup.
    if (pair === undefined && !isNew && !isFirst) return { before: undefined, after: undefined, range: undefined };
    return stepOf(file, pair, isNew ? 0 : undefined, isPending(files, index));
  });
  const unseen = unseenMarks(known?.marks ?? [], pairs);
  const cursorOf = (marks: readonly (FileMark | undefined)[]): FileCursor => {
    const all = steps.flatMap(({ before }, index) => [...(unseen.get(before) ?? []), marks[index] ?? []].flat());
    return { marks: all.slice(-mostMarks) };
  };
  return {
    ranges: steps.flatMap(({ range }) => range ?? []),
    lost: [...lossesOf(found, newest)],
    notes: isFirst && !found.fromStart ? [firstNote(path, files)] : [],
    next: cursorOf(steps.map(({ after }) => after)),
    cursorAt(range, offset, bytes) {
      const at = steps.findIndex((step) => step.range === range);
      return cursorOf(
        steps.map(({ before, after }, index) => {
          if (index !== at || after === undefined) return index < at ? after : before;
          const end = bytes.subarray(Math.max(0, bytes.length - Math.min(offset, tailLength)));
          return { ...after, offset, isComplete: false, tail: fingerprintOf(end) };
        }),
      );
    },
    close: () => closeLogFiles(files),
  };
}

/**
 * Marks of files that nobody looked for, because a newer one was found untouched, by the mark that stands behind them.
 * They may have another inode by now, and are known by their content the day that everything newer is gone.
 */
function unseenMarks(
  marks: readonly FileMark[],
  pairs: ReadonlyMap<number, Pair>,
): Map<FileMark | undefined, readonly FileMark[]> {
  const found = new Set(Array.from(pairs.values(), ({ mark }) => mark));
  const unseen = new Map<FileMark | undefined, readonly FileMark[]>();
  let waiting: FileMark[] = [];
  for (const mark of marks) {
    if (found.has(mark)) {
      unseen.set(mark, waiting);
      waiting = [];
    } else if (mark.isComplete) waiting.push(mark);
  }
  return unseen;
}

function firstNote(path: string, files: readonly LogFile[]): string {
  if (files.at(-1)?.isCurrent !== true)
    return `'${path}' does not exist yet: it is read from its start when it appears`;
  return `'${path}' is read from its end on: nothing before now is looked at`;
}

/** `start`: where a file without a mark is read from; undefined passes it over, as the first run does. */
function stepOf(file: LogFile, pair: Pair | undefined, start: number | undefined, isHeld: boolean): Step {
  const { candidate, listed, isCurrent } = file;
  const before = pair?.mark;
  if (candidate === undefined || candidate.file.kind === 'unknown') {
    const passed = {
      kind: 'unknown' as const,
      offset: null,
      isComplete: true,
      head: fingerprintOf(Buffer.alloc(0)),
      tail: fingerprintOf(Buffer.alloc(0)),
    };
    return { before, after: { ...(before ?? passed), ...listed }, range: undefined };
  }
  const { file: stored, head } = candidate;
  const from = before === undefined ? start : (before.offset ?? undefined);
  const mark = { path: listed.path, identity: stored.identity, kind: stored.kind, head: fingerprintOf(head) };
  if (stored.kind !== 'plain') {
    if (pair?.atEnd)
      return {
        before,
        after: { ...mark, offset: pair.mark.offset, isComplete: true, tail: pair.mark.tail },
        range: undefined,
      };
    const after = { ...mark, offset: null, isComplete: true, tail: fingerprintOf(Buffer.alloc(0)) };
    return { before, after, range: from === undefined ? undefined : rangeOf(file, from, undefined) };
  }
  const { size } = stored.identity;
  const isWhole = !isCurrent && (!isHeld || isSeenBefore(file, before));
  const end = isWhole ? size : lastLineEnd(stored.descriptor, { from: from ?? 0, size, head });
  const length = Math.min(end, tailLength);
  const tail = fingerprintOf(readAt(stored.descriptor, end - length, length));
  const after = { ...mark, offset: end, isComplete: end === size, tail };
  const range = from === undefined || end <= from ? undefined : rangeOf(file, from, end);
  return { before, after, range };
}

/**
 * Whether a rotated file may still be written: nothing stands in the followed file yet, so its writer may not have
 * noticed the rotation. A line without its end then waits for one more run.
 */
function isPending(files: readonly LogFile[], index: number): boolean {
  const newer = files.slice(index + 1);
  return newer.length === 0 || (newer.length === 1 && newer[0]!.isCurrent && newer[0]!.listed.identity.size === 0);
}

function isSeenBefore({ listed }: LogFile, mark: FileMark | undefined): boolean {
  return mark !== undefined && mark.identity.size === listed.identity.size && mark.path === listed.path;
}

function rangeOf({ candidate, isCurrent }: LogFile, start: number, end: number | undefined): ReadRange {
  const { path, descriptor, kind } = candidate!.file;
  return { path, descriptor, kind: kind as ReadRange['kind'], start, end, isRotated: !isCurrent };
}

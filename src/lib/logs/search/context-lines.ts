import { lineEndAt, lineStartAt } from '../pattern/line-bounds.ts';
import { countLineFeeds } from './count-line-feeds.ts';
import type { GrepStyle } from './grep-style.ts';
import { createKeptLines } from './kept-lines.ts';

/** How a line is shown. */
export type LineKind = 'match' | 'context';

/** Prints a line without its line feed; `number` is 0 unless lines are numbered. `separator` stands between groups. */
export interface PrintLine {
  (bytes: Buffer, start: number, end: number, number: number, kind: LineKind): void;
  separator(): void;
}

/** The lines around those that were found (-A, -B, -C), over the bounds of blocks. */
export interface ContextLines {
  /** The next log. */
  begin(): void;
  enter(bytes: Buffer, firstLine: number): void;
  /** A found line of the block, in order. */
  match(lineStart: number, lineEnd: number): void;
  /** The end of the block. */
  leave(length: number): void;
  /** The end of the block when no more lines are wanted but those behind the last match. True when that is all. */
  finish(length: number): boolean;
}

export function createContextLines(
  { before, after, lineNumber }: Pick<GrepStyle, 'before' | 'after' | 'lineNumber'>,
  print: PrintLine,
): ContextLines {
  const kept = createKeptLines(before);
  let afterLeft = 0;
  let printedAny = false;
  /** Whether lines were left out since the last one that was printed. */
  let hasGap = false;
  let block: Buffer = Buffer.alloc(0);
  /** What lies before is printed, kept or left out. */
  let position = 0;
  let number = 0;

  function advance(lineEnd: number): void {
    position = Math.min(lineEnd + 1, block.length);
    if (lineNumber) number++;
  }

  /** Lines behind the last match, up to `end`. */
  function printAfter(end: number): void {
    while (afterLeft > 0 && position < end) {
      const lineEnd = lineEndAt(block, position, block.length);
      print(block, position, lineEnd, number, 'context');
      advance(lineEnd);
      afterLeft--;
    }
  }

  /** The last lines before `end` that may still be printed; the rest of the stretch is left out. */
  function keepBefore(end: number): void {
    if (position >= end) return;
    let from = end;
    for (let lines = 0; lines < before && from > position; lines++) from = lineStartAt(block, from - 1, position);
    if (from > position) {
      hasGap = true;
      kept.clear();
      if (lineNumber) number += countLineFeeds(block, position, from);
    }
    if (kept.add(block.subarray(from, end), number)) hasGap = true;
    if (lineNumber) number += countLineFeeds(block, from, end);
    position = end;
  }

  function printKept(): void {
    if (hasGap && printedAny) print.separator();
    kept.take((bytes, start, end, line) => print(bytes, start, end, line, 'context'));
    hasGap = false;
    printedAny = true;
  }

  return {
    begin() {
      kept.clear();
      afterLeft = 0;
      hasGap = true;
    },
    enter(bytes, firstLine) {
      block = bytes;
      position = 0;
      number = firstLine;
    },
    match(lineStart, lineEnd) {
      printAfter(lineStart);
      keepBefore(lineStart);
      printKept();
      print(block, lineStart, lineEnd, number, 'match');
      advance(lineEnd);
      afterLeft = after;
    },
    leave(length) {
      printAfter(length);
      keepBefore(length);
    },
    finish(length) {
      printAfter(length);
      return afterLeft === 0;
    },
  };
}

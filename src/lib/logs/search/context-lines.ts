import { lineEndAt, lineStartAt } from '../pattern/line-bounds.ts';
import { countLineFeeds } from './count-line-feeds.ts';
import type { GrepStyle } from './grep-style.ts';

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

/** Lines before a match are kept from earlier blocks, but not more of them than this. */
const mostKeptBytes = 64 * 1024 * 1024;

export function createContextLines(
  { before, after, lineNumber }: Pick<GrepStyle, 'before' | 'after' | 'lineNumber'>,
  print: PrintLine,
): ContextLines {
  let kept: { line: Buffer; number: number }[] = [];
  let keptBytes = 0;
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
      kept = [];
      keptBytes = 0;
      if (lineNumber) number += countLineFeeds(block, position, from);
      position = from;
    }
    while (position < end) {
      const lineEnd = lineEndAt(block, position, block.length);
      kept.push({ line: Buffer.from(block.subarray(position, lineEnd)), number });
      keptBytes += lineEnd - position;
      advance(lineEnd);
    }
    while (kept.length > before || (keptBytes > mostKeptBytes && kept.length > 0)) {
      keptBytes -= kept.shift()!.line.length;
      hasGap = true;
    }
  }

  function printKept(): void {
    if (hasGap && printedAny) print.separator();
    for (const { line, number: at } of kept) print(line, 0, line.length, at, 'context');
    kept = [];
    keptBytes = 0;
    hasGap = false;
    printedAny = true;
  }

  return {
    begin() {
      kept = [];
      keptBytes = 0;
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

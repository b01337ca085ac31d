import { countLineFeeds } from './count-line-feeds.ts';
import type { FoundBatch } from './search-options.ts';
import { visitLines } from './visit-lines.ts';

/** Counts what is found in a log, up to as many as are wanted (-m, -l). */
export interface LineLimit {
  /** The next log. */
  begin(): void;
  /** Calls back for the lines that are wanted. True when there will be no more of them. */
  visit(batch: FoundBatch, line: (lineStart: number, lineEnd: number) => void): boolean;
  /** The same without looking at the lines. */
  count(batch: FoundBatch): boolean;
  /** Something was found, and nobody has to know how much. */
  see(): void;
  /** Something was found that is not to be shown. */
  hide(): void;
  found(): number;
  isOver(): boolean;
}

/** `countsEvents`: lines of one event count once, and come together. */
export function createLineLimit(most: number, countsEvents: boolean): LineLimit {
  let found = 0;
  let isOver = false;

  function visit({ bytes, runs, events }: FoundBatch, line: (lineStart: number, lineEnd: number) => void): boolean {
    visitLines(bytes, runs, (start, lineEnd) => {
      const isNew = !countsEvents || events.isStart(start, lineEnd);
      if (isNew && found >= most) isOver = true;
      if (isOver) return true;
      if (isNew) found++;
      line(start, lineEnd);
      // Of an event there may be more lines.
      isOver = found >= most && !countsEvents;
      return isOver;
    });
    return isOver;
  }

  return {
    begin() {
      found = 0;
      isOver = most === 0;
    },
    visit,
    count(batch) {
      if (countsEvents) return visit(batch, () => {});
      const { bytes, runs, lines } = batch;
      if (lines !== undefined) found += lines;
      else
        for (let index = 0; index < runs.length; index += 2) found += countLines(bytes, runs[index]!, runs[index + 1]!);
      found = Math.min(found, most);
      isOver = found >= most;
      return isOver;
    },
    see() {
      found = Math.max(found, 1);
    },
    hide() {
      found = Math.max(found, Math.min(1, most));
    },
    found: () => found,
    isOver: () => isOver,
  };
}

function countLines(bytes: Buffer, start: number, end: number): number {
  return countLineFeeds(bytes, start, end) + (bytes[end - 1] === 0x0a ? 0 : 1);
}

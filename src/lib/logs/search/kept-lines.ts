import { lineEndAt } from '../pattern/line-bounds.ts';
import { countLineFeeds } from './count-line-feeds.ts';

/** The last lines before a match that may come, over the bounds of blocks. */
export interface KeptLines {
  /** Takes a copy of whole lines, the first of which has this number. True when others were dropped for them. */
  add(lines: Buffer, number: number): boolean;
  /** Hands over each line without its line feed, and forgets them. */
  take(each: (bytes: Buffer, start: number, end: number, number: number) => void): void;
  clear(): void;
}

/** Lines of one block, which are copied and dropped together: millions of them have to cost no more than their bytes. */
interface Stretch {
  bytes: Buffer;
  count: number;
  number: number;
}

const mostBytes = 64 * 1024 * 1024;
/** Of a stretch beside its bytes, about. */
const stretchBytes = 256;

/** Keeps `most` lines and 64 MiB, whatever is less. */
export function createKeptLines(most: number): KeptLines {
  let stretches: Stretch[] = [];
  /** Those before are dropped: to move the others up each time would be quadratic. */
  let first = 0;
  let count = 0;
  let size = 0;

  function clear(): void {
    stretches = [];
    first = 0;
    count = 0;
    size = 0;
  }

  function dropFirst(): void {
    const { bytes, count: lines } = stretches[first]!;
    count -= lines;
    size -= bytes.length + stretchBytes;
    first++;
    if (first <= stretches.length / 2) return;
    stretches = stretches.slice(first);
    first = 0;
  }

  return {
    add(lines, number) {
      if (most === 0) return true;
      const added = countLineFeeds(lines, 0, lines.length) + (lines.at(-1) === 0x0a ? 0 : 1);
      stretches.push({ bytes: Buffer.from(lines), count: added, number });
      count += added;
      size += lines.length + stretchBytes;
      const drops = count > most || size > mostBytes;
      while (count - stretches[first]!.count >= most) dropFirst();
      while (size > mostBytes && stretches.length - first > 1) dropFirst();
      return drops;
    },
    take(each) {
      let dropped = Math.max(0, count - most);
      for (const { bytes, number } of stretches.slice(first)) {
        let line = number;
        for (let start = 0; start < bytes.length; line++) {
          const end = lineEndAt(bytes, start, bytes.length);
          if (dropped > 0) dropped--;
          else each(bytes, start, end, line);
          start = end + 1;
        }
      }
      clear();
    },
    clear,
  };
}

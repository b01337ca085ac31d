import { readSync } from 'node:fs';
import { readAt } from '../cursor/stored-file.ts';
import { lineEndAt } from '../pattern/line-bounds.ts';
import { readChunksSync } from '../source/read-chunks.ts';
import { countLineFeeds } from './count-line-feeds.ts';
import type { IsEventStart } from './event-start.ts';

/** How far the beginning of an event is looked for before a line of it. */
const farthest = 1024 * 1024;
const chunkBytes = 65_536;

/**
 * The lines of a plain file before byte `at`, which begins a line, from an event's first one on, or more of them; empty
 * when no event begins within 1 MiB. `floor`: the byte where the text begins. Throws the failure of the system call.
 */
export function eventBefore(descriptor: number, at: number, floor: number, isEventStart: IsEventStart): Buffer {
  if (at <= floor) return Buffer.alloc(0);
  for (let size = 4096; ; size *= 8) {
    const from = Math.max(floor, at - Math.min(size, farthest));
    const bytes = readAt(descriptor, from, at - from);
    // What stands first may be the end of a line.
    const lines = from === floor ? bytes : bytes.subarray(bytes.indexOf(0x0a) + 1 || bytes.length);
    for (let start = 0; start < lines.length;) {
      const lineEnd = lineEndAt(lines, start, lines.length);
      if (isEventStart(lines, start, lineEnd)) return lines.subarray(start);
      start = lineEnd + 1;
    }
    if (from === floor || size >= farthest) return Buffer.alloc(0);
  }
}

/** Where `count` lines before the line at `at` begin, not before `floor`. Reads no more than these lines. */
export function linesBefore(descriptor: number, at: number, count: number, floor: number): number {
  if (count === 0) return at;
  const chunk = Buffer.allocUnsafe(chunkBytes);
  // The line feed before `at` ends the first of them.
  let left = count + 1;
  for (let end = at; end > floor;) {
    const start = Math.max(floor, end - chunkBytes);
    const bytes = chunk.subarray(0, readSync(descriptor, chunk, 0, end - start, start));
    let feed = bytes.length;
    while ((feed = feed === 0 ? -1 : bytes.lastIndexOf(0x0a, feed - 1)) !== -1) {
      if (--left === 0) return start + feed + 1;
    }
    end = start;
  }
  return floor;
}

/** Where `count` lines from `at` on end, not behind `size`. */
export function linesBehind(descriptor: number, at: number, count: number, size: number): number {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let left = count;
  for (let start = at; left > 0 && start < size;) {
    const bytes = chunk.subarray(0, readSync(descriptor, chunk, 0, Math.min(chunkBytes, size - start), start));
    if (bytes.length === 0) break;
    for (let feed = -1; (feed = bytes.indexOf(0x0a, feed + 1)) !== -1;) if (--left === 0) return start + feed + 1;
    start += bytes.length;
  }
  return count > 0 ? size : at;
}

/** How many lines end before this byte. */
export function lineFeedsBefore(descriptor: number, end: number, name: string): number {
  let count = 0;
  if (end === 0) return count;
  for (const chunk of readChunksSync(descriptor, { name, end })) count += countLineFeeds(chunk, 0, chunk.length);
  return count;
}

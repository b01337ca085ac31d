import { lineFeed } from './byte-set.ts';

/** Up to here a loop is faster than a call into the engine, whose search backwards is the slower one. */
const nearEnd = 16;
const nearStart = 64;

/** First byte of the line that `at` is in; `floor` is the start of it or of a line before. */
export function lineStartAt(bytes: Buffer, at: number, floor: number): number {
  const near = Math.max(floor, at - nearStart);
  let index = at;
  while (index > near && bytes[index - 1] !== lineFeed) index--;
  if (index > near || near === floor) return index;
  if (bytes[index - 1] === lineFeed) return index;
  return Math.max(floor, bytes.lastIndexOf(lineFeed, index - 1) + 1);
}

/** The line feed that ends the line that `at` is in, or `end` when it has none; `at` may be that line feed. */
export function lineEndAt(bytes: Buffer, at: number, end: number): number {
  const near = Math.min(end, at + nearEnd);
  let index = at;
  while (index < near && bytes[index] !== lineFeed) index++;
  if (index < near || near === end) return index;
  const found = bytes.indexOf(lineFeed, index);
  return found === -1 || found > end ? end : found;
}

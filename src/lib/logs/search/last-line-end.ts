import { readSync } from 'node:fs';

const chunkBytes = 65_536;

/** Offset behind the last line feed before `size`; 0 without one. Reads backwards, no more than the last line. */
export function lastLineEndOf(descriptor: number, size: number): number {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - chunkBytes);
    const count = readSync(descriptor, chunk, 0, end - start, start);
    const at = chunk.subarray(0, count).lastIndexOf(0x0a);
    if (at !== -1) return start + at + 1;
    end = start;
  }
  return 0;
}

import { readAt } from './stored-file.ts';

interface WrittenLines {
  from: number;
  size: number;
  /** The first bytes of the file. */
  head: Buffer;
}

const chunkLength = 64 * 1024;

/**
 * Offset behind the last whole line in the first `size` bytes of a plain file, not before `from`. Read backwards, so that
 * it costs no more than the line that is not whole yet, in bounded memory. In UTF-16, told by the byte order mark in
 * `head`, a line feed has two bytes. Throws the failure of the system call.
 */
export function lastLineEnd(descriptor: number, { from, size, head }: WrittenLines): number {
  const [feed, width] = lineFeedOf(head);
  let end = size - (size % width);
  while (end > from) {
    const start = Math.max(from, end - chunkLength);
    const chunk = readAt(descriptor, start, end - start);
    let at = chunk.lastIndexOf(feed);
    // A line feed that begins in the middle of a character is the halves of two others.
    while (at >= 0 && (start + at) % width !== 0) at = at === 0 ? -1 : chunk.lastIndexOf(feed, at - 1);
    if (at >= 0) return start + at + width;
    end = start;
  }
  return from;
}

function lineFeedOf(head: Buffer): [Buffer, number] {
  if (head[0] === 0xff && head[1] === 0xfe) return [Buffer.from([10, 0]), 2];
  if (head[0] === 0xfe && head[1] === 0xff) return [Buffer.from([0, 10]), 2];
  return [Buffer.from([10]), 1];
}

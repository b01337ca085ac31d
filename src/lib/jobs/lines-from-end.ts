import { fstatSync, readSync } from 'node:fs';

const blockBytes = 64 * 1024;
const newline = 0x0a;

/**
 * The lines of an open file, the last one first, without their ends and without empty ones. `undefined` stands for a line
 * that is longer than `longest` bytes. What follows the last line end is left out: somebody is writing it, and the kernel
 * shows a write page by page. Memory is bounded whatever the file holds.
 */
export function* linesFromEnd(descriptor: number, longest: number): Generator<string | undefined> {
  const block = Buffer.alloc(blockBytes);
  let position = fstatSync(descriptor).size;
  // Beginning of the line whose rest was read already, in pieces, the last piece first.
  let pieces: Buffer[] = [];
  let length = 0;
  let isUnfinished = true;

  function* take(): Generator<string | undefined> {
    if (isUnfinished) isUnfinished = false;
    else if (length > longest) yield undefined;
    else if (length > 0) yield Buffer.concat(pieces.toReversed(), length).toString('utf8');
    pieces = [];
    length = 0;
  }

  while (position > 0) {
    const wanted = Math.min(blockBytes, position);
    position -= wanted;
    const read = readSync(descriptor, block, 0, wanted, position);
    let end = read;
    while (end > 0) {
      const start = block.lastIndexOf(newline, end - 1) + 1;
      length += end - start;
      // A copy, for the block is used again.
      if (length <= longest) pieces.push(Buffer.from(block.subarray(start, end)));
      else pieces = [];
      if (start === 0) break;
      yield* take();
      end = start - 1;
    }
  }
  yield* take();
}

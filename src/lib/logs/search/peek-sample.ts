import type { SourceEnd } from '../source/source-problem.ts';
import type { Block, Blocks } from './read-blocks.ts';

/**
 * Looks at the first lines of what cannot be read twice; `blocks` has them again, and the rest. One block is enough when
 * `isEnough` says so, because a pipe may have no more for hours; else as many as make `most` bytes.
 */
export async function peekSample(
  blocks: Blocks,
  most: number,
  isEnough: (head: Buffer) => boolean,
): Promise<{ head: Buffer; blocks: Blocks }> {
  const held: Block[] = [];
  let head = Buffer.alloc(0);
  let end: SourceEnd | undefined;
  do {
    const next = await blocks.next();
    if (next.done === true) {
      end = next.value;
      break;
    }
    // A copy, because the block's memory may be written anew before it is handed out.
    const bytes = Buffer.from(next.value.bytes);
    held.push({ bytes, offset: next.value.offset });
    if (head.length < most) head = Buffer.concat([head, bytes.subarray(0, most - head.length)]);
  } while (head.length < most && !isEnough(head));
  return { head, blocks: replay() };

  async function* replay(): Blocks {
    try {
      yield* held.splice(0);
      return end ?? (yield* blocks);
    } finally {
      await blocks.return({ problems: [] });
    }
  }
}

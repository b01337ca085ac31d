import { createLineSplitter } from '../source/split-lines.ts';
import { lineEndAt, lineStartAt } from '../pattern/line-bounds.ts';
import type { SourceEnd } from '../source/source-problem.ts';
import type { IsEventStart } from './event-start.ts';

/** Whole lines of a log; the memory holds until the next block is asked for. */
export interface Block {
  /** The last line may lack its line feed: the log ended there, or the line is too long and goes on. */
  bytes: Buffer;
  /** Of the first byte, counted from where the reading began. */
  offset: number;
}

export type Blocks = AsyncGenerator<Block, SourceEnd, void>;

/** Longer lines are searched in pieces. */
export const longestLine = 64 * 1024 * 1024;

/** Cuts what is read into whole lines. `onLongLine` hears once of lines that had to be cut. */
export async function* readBlocks(
  chunks: AsyncGenerator<Buffer, SourceEnd, void>,
  onLongLine: () => void = () => {},
): Blocks {
  const splitter = createLineSplitter({ longestLine });
  let offset = 0;
  let wasTold = false;
  try {
    for (;;) {
      const next = await chunks.next();
      if (next.done === true) {
        const rest = splitter.end();
        if (rest !== undefined) yield { bytes: rest.bytes, offset };
        return next.value;
      }
      for (const { bytes, endsLine } of splitter.push(next.value)) {
        if (!endsLine && !wasTold) {
          wasTold = true;
          onLongLine();
        }
        yield { bytes, offset };
        offset += bytes.length;
      }
    }
  } finally {
    await chunks.return({ problems: [] });
  }
}

/** What belongs to one event, but goes on for longer, is cut. */
const longestEvent = 8 * 1024 * 1024;

/** The same in blocks that begin and end with an event: of each block the last event waits for what may belong to it. */
export async function* alignToEvents(blocks: Blocks, isEventStart: IsEventStart): Blocks {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let offset = 0;
  const take = (...more: Buffer[]): Block => {
    const bytes = Buffer.concat([...held, ...more]);
    const block = { bytes, offset };
    offset += bytes.length;
    held = [];
    heldBytes = 0;
    return block;
  };
  try {
    for (;;) {
      const next = await blocks.next();
      if (next.done === true) {
        if (heldBytes > 0) yield take();
        return next.value;
      }
      const { bytes } = next.value;
      const start = lastEventStart(bytes, isEventStart);
      if (start > 0 || (start === 0 && heldBytes > 0)) yield take(bytes.subarray(0, start));
      const rest = Buffer.from(bytes.subarray(Math.max(0, start)));
      held.push(rest);
      heldBytes += rest.length;
      if (heldBytes > longestEvent) yield take();
    }
  } finally {
    await blocks.return({ problems: [] });
  }
}

/** Where the last event of the block begins; -1 when all of it goes on with the one before. */
function lastEventStart(bytes: Buffer, isEventStart: IsEventStart): number {
  let lineEnd = bytes.at(-1) === 0x0a ? bytes.length - 1 : bytes.length;
  for (;;) {
    const lineStart = lineStartAt(bytes, lineEnd, 0);
    if (isEventStart(bytes, lineStart, lineEndAt(bytes, lineStart, bytes.length))) return lineStart;
    if (lineStart === 0) return -1;
    lineEnd = lineStart - 1;
  }
}

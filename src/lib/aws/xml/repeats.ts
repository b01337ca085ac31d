import type { ChunkView } from './chunk-view.ts';
import type { ElementStack } from './element-stack.ts';
import type { TagName } from './tag-name.ts';

/**
 * Elements that are passed over and have come before, byte by byte the same. Of a thousand instances of one kind half of
 * the elements are alike, and to compare them with those before is quicker than to look for their ends: the same bytes in
 * the same place are the same elements.
 */
export interface Repeats {
  /** For the next chunk. */
  begin(view: ChunkView): void;
  /**
   * Takes what comes again at `from`, where the text between two elements is.
   * @returns Where it goes on, or -1.
   */
  take(from: number): number;
  /** An element was passed over, for the first time or with other bytes than before; `from` is in front of its text. */
  learn(tag: TagName, from: number, to: number): void;
}

/** Bytes of one element, and of several in a row. */
const longestSame = 1024;
const longestRun = 8192;
/** What changes that often changes always. */
const mostChanges = 4;
const mostBreaks = 8;

export function createRepeats(stack: ElementStack): Repeats {
  let chunk: Buffer = Buffer.alloc(0);
  let bytes = '';
  /** What has come again just now, after `start`. */
  let start: TagName | undefined;
  let startedAt = 0;
  let endedAt = -1;
  let last: TagName | undefined;

  /** Several in a row are one run from now on. */
  function keepRun(): void {
    const tag = start;
    start = undefined;
    if (tag === undefined || last === undefined || tag.next === last || tag.breaks > mostBreaks) return;
    const size = endedAt - startedAt;
    if (size > longestRun || (tag.run !== undefined && tag.run.bytes.length >= size)) return;
    // Not a slice, which would hold all of its chunk.
    tag.run = { bytes: chunk.toString('latin1', startedAt, endedAt), last };
  }

  return {
    begin(view) {
      ({ chunk, bytes } = view);
      start = undefined;
      endedAt = -1;
    },
    take(from) {
      const before = stack.lastChild();
      if (before === undefined) return -1;
      const { run } = before;
      if (run !== undefined) {
        if (bytes.startsWith(run.bytes, from)) {
          if (start !== undefined) keepRun();
          start = before;
          startedAt = from;
          endedAt = from + run.bytes.length;
          ({ last } = run);
          stack.jump(last);
          return endedAt;
        }
        if (bytes.length - from >= run.bytes.length) {
          before.run = undefined;
          before.breaks++;
        }
      }
      const next = stack.expected();
      if (next?.same === undefined || !bytes.startsWith(next.same, from)) {
        if (start !== undefined) keepRun();
        return -1;
      }
      if (start === undefined || endedAt !== from) {
        if (start !== undefined) keepRun();
        start = before;
        startedAt = from;
      }
      endedAt = from + next.same.length;
      last = next;
      stack.jump(next);
      return endedAt;
    },
    learn(tag, from, to) {
      if (!tag.isKept || tag.changes > mostChanges) return;
      tag.changes++;
      tag.same = tag.changes > mostChanges || to - from > longestSame ? undefined : chunk.toString('latin1', from, to);
    },
  };
}

import { readSync } from 'node:fs';
import type { EventFacts, EventTracker } from './event-tracker.ts';
import { readLevel } from '../fields/read-level.ts';
import { lineEndAt, lineStartAt } from '../pattern/line-bounds.ts';
import { createEventStart } from './event-start.ts';
import type { LineFormat } from './selection.ts';

/** Lines that were picked out of a file, of each of which the place is known (`rg --byte-offset`). */
export interface OffsetLines extends EventTracker {
  /** Lines that begin with their offset and a colon; without these. */
  enter(bytes: Buffer): Buffer;
}

const colon = 0x3a;
/** How far the beginning of an event is looked for before a line of it. */
const farthest = 64 * 1024 * 1024;

/** Tells the event of each line, which may begin at a line of the file that was not picked out. */
export function createOffsetLines(descriptor: number, format: LineFormat): OffsetLines {
  const isEventStart = createEventStart({ invert: false, multiline: false }, format);
  let block: Buffer = Buffer.alloc(0);
  /** Start of each line in the block, and its offset in the file. */
  let starts: number[] = [];
  let offsets: number[] = [];
  let asked = 0;
  let window: Buffer = Buffer.alloc(0);
  /** A line that was asked for before, and its event: the next one need not look further back. */
  let known: { offset: number; facts: EventFacts | undefined } = { offset: 0, facts: undefined };

  function factsOf(bytes: Buffer, lineStart: number, lineEnd: number): EventFacts {
    return {
      timeMs: format.time?.read(bytes, lineStart, lineEnd),
      level: () => readLevel(bytes, lineStart, lineEnd, format.shape),
      passes: () => true,
    };
  }

  /** The event that a line at this offset goes on with. */
  function eventOf(offset: number): EventFacts | undefined {
    known = { offset, facts: eventBefore(offset) };
    return known.facts;
  }

  function eventBefore(offset: number): EventFacts | undefined {
    const floor = known.offset <= offset ? known.offset : 0;
    for (let size = 4096; ; size *= 4) {
      const from = Math.max(floor, offset - size);
      if (window.length < offset - from) window = Buffer.allocUnsafe(offset - from);
      const bytes = window.subarray(0, readSync(descriptor, window, 0, offset - from, from));
      for (let end = bytes.length - 1; end > 0;) {
        const start = lineStartAt(bytes, end, 0);
        if (start === 0 && from > floor) break;
        const lineEnd = lineEndAt(bytes, start, bytes.length);
        if (isEventStart(bytes, start, lineEnd))
          return factsOf(Buffer.from(bytes.subarray(start, lineEnd)), 0, lineEnd - start);
        end = start - 1;
      }
      if (from === floor) return floor === 0 ? undefined : known.facts;
      if (size >= farthest) return undefined;
    }
  }

  function isStart(lineStart: number, lineEnd: number): boolean {
    return isEventStart(block, lineStart, lineEnd);
  }

  return {
    enter(bytes) {
      const stripped = Buffer.allocUnsafe(bytes.length);
      starts = [];
      offsets = [];
      asked = 0;
      let length = 0;
      for (let at = 0; at < bytes.length;) {
        const lineEnd = Math.min(lineEndAt(bytes, at, bytes.length) + 1, bytes.length);
        let offset = 0;
        for (; at < lineEnd && bytes[at] !== colon; at++) offset = offset * 10 + bytes[at]! - 0x30;
        starts.push(length);
        offsets.push(offset);
        length += bytes.copy(stripped, length, at + 1, lineEnd);
        at = lineEnd;
      }
      block = stripped.subarray(0, length);
      return block;
    },
    rewind() {
      asked = 0;
    },
    leave() {},
    isStart,
    at(lineStart) {
      const lineEnd = lineEndAt(block, lineStart, block.length);
      if (isStart(lineStart, lineEnd)) return factsOf(block, lineStart, lineEnd);
      while (asked < starts.length - 1 && starts[asked]! < lineStart) asked++;
      return eventOf(offsets[asked]!) ?? factsOf(block, lineStart, lineEnd);
    },
  };
}

import { readSync } from 'node:fs';
import type { EventFacts, EventTracker } from './event-tracker.ts';
import { readLevel } from '../fields/read-level.ts';
import { lineEndAt, lineStartAt } from '../pattern/line-bounds.ts';
import { createEventStart } from './event-start.ts';
import type { Runs } from './select-runs.ts';
import type { LineFormat } from './selection.ts';

/** Lines that were picked out of a file, of each of which the place is known (`rg --byte-offset`). */
export interface OffsetLines extends EventTracker {
  /** Lines that begin with their offset and a colon; answers with the lines without these. */
  take(bytes: Buffer): Runs;
}

/** The first line of an event. */
interface Head {
  bytes: Buffer;
  start: number;
  end: number;
  timeMs: number | undefined;
}

const colon = 0x3a;
/** How far the beginning of an event is looked for before a line of it. */
const farthest = 64 * 1024 * 1024;

/** Tells the event of each line, which may begin at a line of the file that was not picked out. */
export function createOffsetLines(descriptor: number, format: LineFormat): OffsetLines {
  const { time, shape } = format;
  const isEventStart = createEventStart({ invert: false, multiline: false }, format);
  const nothing: Buffer = Buffer.alloc(0);
  const own: Head = { bytes: nothing, start: 0, end: 0, timeMs: undefined };
  let window = nothing;
  let last = own;
  /** A line that was asked for before, and its event: the next one need not look further back. */
  let known: { offset: number; head: Head | undefined } = { offset: 0, head: undefined };

  const facts: EventFacts = {
    get timeMs() {
      return last.timeMs;
    },
    level: () => readLevel(last.bytes, last.start, last.end, shape),
    passes: () => true,
  };

  /** The event that a line at this offset of the file goes on with. */
  function eventBefore(offset: number): Head | undefined {
    const floor = known.offset <= offset ? known.offset : 0;
    let head: Head | undefined;
    for (let size = 4096; ; size *= 4) {
      const from = Math.max(floor, offset - size);
      if (window.length < offset - from) window = Buffer.allocUnsafe(offset - from);
      const bytes = window.subarray(0, readSync(descriptor, window, 0, offset - from, from));
      for (let end = bytes.length - 1; end > 0;) {
        const start = lineStartAt(bytes, end, 0);
        if (start === 0 && from > floor) break;
        const lineEnd = lineEndAt(bytes, start, bytes.length);
        if (isEventStart(bytes, start, lineEnd)) {
          const timeMs = time?.read(bytes, start, lineEnd);
          head ??= { bytes: Buffer.from(bytes.subarray(start, lineEnd)), start: 0, end: lineEnd - start, timeMs };
          // One that has no time was written at that of the one before.
          head.timeMs ??= timeMs;
          if (head.timeMs !== undefined || time === undefined) return head;
        }
        end = start - 1;
      }
      if (from === floor && head !== undefined) head.timeMs ??= known.head?.timeMs;
      if (from === floor) return head ?? (floor === 0 ? undefined : known.head);
      if (size >= farthest) return head;
    }
  }

  /** The number before the colon that ends before this line. */
  function offsetOf(lineStart: number): number {
    let offset = 0;
    let unit = 1;
    for (let at = lineStart - 2; at >= 0 && own.bytes[at] !== 0x0a; at--) {
      offset += (own.bytes[at]! - 0x30) * unit;
      unit *= 10;
    }
    return offset;
  }

  return {
    take(bytes) {
      own.bytes = bytes;
      const runs: Runs = [];
      for (let at = 0; at < bytes.length;) {
        while (at < bytes.length && bytes[at] !== colon) at++;
        const lineEnd = Math.min(lineEndAt(bytes, at, bytes.length) + 1, bytes.length);
        runs.push(at + 1, lineEnd);
        at = lineEnd;
      }
      return runs;
    },
    enter() {},
    rewind() {},
    leave() {},
    isStart: (lineStart, lineEnd) => isEventStart(own.bytes, lineStart, lineEnd),
    at(lineStart) {
      own.start = lineStart;
      own.end = lineEndAt(own.bytes, lineStart, own.bytes.length);
      own.timeMs = time?.read(own.bytes, lineStart, own.end);
      last = own;
      if (own.timeMs !== undefined || time === undefined) return facts;
      const offset = offsetOf(lineStart);
      known = { offset, head: eventBefore(offset) };
      if (isEventStart(own.bytes, lineStart, own.end)) own.timeMs = known.head?.timeMs;
      else last = known.head ?? own;
      return facts;
    },
  };
}

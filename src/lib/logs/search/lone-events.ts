import { readLevel } from '../fields/read-level.ts';
import { lineEndAt } from '../pattern/line-bounds.ts';
import { createEventStart } from './event-start.ts';
import type { EventFacts, EventTracker } from './event-tracker.ts';
import type { LineFormat } from './selection.ts';

/** Lines that were picked out of a log, each of which begins an event. */
export interface LoneEvents extends EventTracker {
  /** How many bytes of these lines do so; the line behind them goes on with one that nobody knows. */
  take(bytes: Buffer): number;
  /** Lines that were taken in all. */
  count(): number;
}

/** Reads the time of each line once, which is most of what many rules cost. */
export function createLoneEvents(format: LineFormat): LoneEvents {
  const { time, shape } = format;
  const isEventStart = createEventStart({ invert: false, multiline: false }, format);
  let block: Buffer = Buffer.alloc(0);
  let starts: number[] = [];
  let times: (number | undefined)[] = [];
  let count = 0;
  let lastTime: number | undefined;
  let asked = 0;
  const facts: EventFacts = {
    get timeMs() {
      return times[asked];
    },
    level: () => readLevel(block, starts[asked]!, lineEndAt(block, starts[asked]!, block.length), shape),
    passes: () => true,
  };
  return {
    take(bytes) {
      block = bytes;
      starts = [];
      times = [];
      asked = 0;
      let at = 0;
      while (at < bytes.length) {
        const lineEnd = lineEndAt(bytes, at, bytes.length);
        const timeMs = time?.read(bytes, at, lineEnd, lastTime);
        // Its time is that of the line before it, which may not have been picked out.
        if (timeMs === undefined && (time !== undefined || !isEventStart(bytes, at, lineEnd))) break;
        lastTime = timeMs ?? lastTime;
        starts.push(at);
        times.push(timeMs);
        at = Math.min(lineEnd + 1, bytes.length);
      }
      count += starts.length;
      return at;
    },
    count: () => count,
    enter() {},
    rewind() {
      asked = 0;
    },
    leave() {},
    isStart: () => true,
    at(lineStart) {
      while (asked < starts.length - 1 && starts[asked]! < lineStart) asked++;
      return facts;
    },
  };
}

import { evaluateWhere } from '../fields/evaluate-where.ts';
import type { Level } from '../fields/level.ts';
import { readLevel } from '../fields/read-level.ts';
import { readRecord } from '../fields/record-reader.ts';
import { lineEndAt, lineStartAt } from '../pattern/line-bounds.ts';
import { createEventStart } from './event-start.ts';
import type { LineFormat, Selection } from './selection.ts';

/** What is known of the event that a line belongs to: of its first line. */
export interface EventFacts {
  /** Milliseconds since 1970. */
  readonly timeMs: number | undefined;
  level(): Level | undefined;
  /** Whether time, level and fields are those that were asked for. */
  passes(): boolean;
}

/** Finds the events of a log that is gone through block by block. An event: a line with a time, and those behind it without. */
export interface EventTracker {
  /** The next whole lines of the log. */
  enter(bytes: Buffer): void;
  /** Begins anew with the same lines, for another who asks. */
  rewind(): void;
  /** Keeps what the next block needs of this one, whose memory may be written anew then. */
  leave(): void;
  isStart(lineStart: number, lineEnd: number): boolean;
  /** The event that the line of this block belongs to. To be asked for lines in their order, unless rewound. */
  at(lineStart: number): EventFacts;
}

/** Of the first line of an event that goes on in the next block. */
const longestHead = 65_536;

/** `onTime` hears of the times of the events that were looked at, in their order. */
export function createEventTracker(
  selection: Selection,
  { time, shape }: LineFormat,
  onTime?: (timeMs: number) => void,
): EventTracker {
  let block: Buffer = Buffer.alloc(0);
  // What stands before the first event is older than any time, and has no level and no fields.
  let carried: EventFacts = {
    timeMs: undefined,
    level: () => undefined,
    passes: () =>
      selection.window?.sinceMs === undefined && selection.levels === undefined && selection.where === undefined,
  };
  /** The line that was asked for last and its event: what lies between it and the next one is looked at once. */
  let asked = -1;
  let last = carried;
  /** Where the event in `last` begins; -1 when that is not in this block. */
  let lastStart = -1;
  let lastTime: number | undefined;
  let enterTime: number | undefined;
  let isFirstTurn = true;

  const isEventStart = createEventStart(selection, { time, shape });
  const isStart: EventTracker['isStart'] = (lineStart, lineEnd) => isEventStart(block, lineStart, lineEnd, lastTime);

  function factsOf(
    bytes: Buffer,
    lineStart: number,
    lineEnd: number,
    before = () => timeBefore(lineStart),
  ): EventFacts {
    const ownTime = time?.read(bytes, lineStart, lineEnd, lastTime);
    if (ownTime !== undefined) {
      lastTime = ownTime;
      if (isFirstTurn) onTime?.(ownTime);
    }
    // An object of JSON without a time was written at that of the one before.
    const timeMs = ownTime ?? before();
    let level: { is: Level | undefined } | undefined;
    let passes: boolean | undefined;
    const facts: EventFacts = {
      timeMs,
      level: () => (level ??= { is: readLevel(bytes, lineStart, lineEnd, shape) }).is,
      passes: () => (passes ??= judge(facts, bytes, lineStart, lineEnd)),
    };
    return facts;
  }

  function timeBefore(lineStart: number): number | undefined {
    if (time === undefined) return undefined;
    let at = lineStart;
    while (at > 0) {
      at = lineStartAt(block, at - 1, 0);
      // What was asked for before has looked further back.
      if (at <= asked) return last.timeMs;
      const timeMs = time.read(block, at, lineEndAt(block, at, block.length), lastTime);
      if (timeMs !== undefined) return timeMs;
    }
    return carried.timeMs;
  }

  function judge(facts: EventFacts, bytes: Buffer, lineStart: number, lineEnd: number): boolean {
    const { window, levels, where } = selection;
    if (window !== undefined) {
      const { timeMs } = facts;
      if (timeMs === undefined) return false;
      if (window.sinceMs !== undefined && timeMs < window.sinceMs) return false;
      if (window.untilMs !== undefined && timeMs >= window.untilMs) return false;
    }
    if (levels !== undefined) {
      const level = facts.level();
      if (level === undefined || !levels.has(level)) return false;
    }
    return where === undefined || evaluateWhere(where, readRecord(bytes, lineStart, lineEnd, shape));
  }

  function begin(isFirst: boolean): void {
    isFirstTurn = isFirst;
    asked = -1;
    last = carried;
    lastStart = -1;
  }

  /** The start of an event at or before the line and behind the one that was asked for last; -1 when there is none. */
  function startAt(lineStart: number): number {
    let at = lineStart;
    while (at > asked) {
      if (isStart(at, lineEndAt(block, at, block.length))) return at;
      if (at === 0) return -1;
      at = lineStartAt(block, at - 1, 0);
    }
    return -1;
  }

  function lastLineStart(): number {
    const end = block.at(-1) === 0x0a ? block.length - 1 : block.length;
    return lineStartAt(block, end, 0);
  }

  return {
    enter(bytes) {
      block = bytes;
      enterTime = lastTime;
      begin(true);
    },
    rewind() {
      lastTime = enterTime;
      begin(false);
    },
    leave() {
      isFirstTurn = true;
      carried = last;
      const start = block.length === 0 ? -1 : startAt(lastLineStart());
      const from = start === -1 ? lastStart : start;
      if (from !== -1) {
        const lineEnd = Math.min(lineEndAt(block, from, block.length), from + longestHead);
        const head = Buffer.from(block.subarray(from, lineEnd));
        const before = start === -1 ? last.timeMs : timeBefore(from);
        carried = factsOf(head, 0, head.length, () => before);
      }
    },
    isStart,
    at(lineStart) {
      const start = startAt(lineStart);
      asked = Math.max(asked, lineStart);
      if (start !== -1) {
        lastStart = start;
        last = factsOf(block, start, lineEndAt(block, start, block.length));
      }
      return last;
    },
  };
}

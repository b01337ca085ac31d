import { evaluateWhere } from '../fields/evaluate-where.ts';
import type { Level } from '../fields/level.ts';
import { readLevel } from '../fields/read-level.ts';
import { readRecord } from '../fields/record-reader.ts';
import { detectShape, type Shape } from '../fields/shape.ts';
import { lineEndAt, lineStartAt } from '../pattern/line-bounds.ts';
import { createEventStart } from './event-start.ts';
import type { LineFormat, Selection } from './selection.ts';

/** What is known of the event that a line belongs to: of its first line. Holds until the next one is asked for. */
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

/** The first line of an event, and what was found out about it so far. */
interface Head {
  bytes: Buffer;
  start: number;
  end: number;
  timeMs: number | undefined;
  level: Level | undefined;
  knowsLevel: boolean;
  passes: boolean | undefined;
}

/** `onTime` hears of the times of the events that were looked at, in their order. */
export function createEventTracker(
  selection: Selection,
  { time, shape }: LineFormat,
  onTime?: (timeMs: number) => void,
): EventTracker {
  const nothing: Buffer = Buffer.alloc(0);
  let block = nothing;
  // What stands before the first event is older than any time, and has no level and no fields. Every log has millions
  // of events: nothing is allocated for one.
  const carried = emptyHead(
    selection.window?.sinceMs === undefined && selection.levels === undefined && selection.where === undefined,
  );
  const own = emptyHead(undefined);
  /** The event that was asked for last: one of this block, or the one that goes on from the block before. */
  let last = carried;
  /** The line that was asked for last: what lies between it and the next one is looked at once. */
  let asked = -1;
  let lastTime: number | undefined;
  let enterTime: number | undefined;
  let isFirstTurn = true;
  /** Of the line that `startAt` has found. */
  let foundTime: number | undefined;

  const isEventStart = createEventStart(selection, { time, shape });
  const isStart: EventTracker['isStart'] = (lineStart, lineEnd) => isEventStart(block, lineStart, lineEnd, lastTime);
  const startsByTime = time !== undefined && selection.eventStart === undefined;

  const facts: EventFacts = {
    get timeMs() {
      return last.timeMs;
    },
    level: () => levelOf(last),
    passes: () => (last.passes ??= judge(last)),
  };

  function emptyHead(passes: boolean | undefined): Head {
    return { bytes: nothing, start: 0, end: 0, timeMs: undefined, level: undefined, knowsLevel: true, passes };
  }

  function levelOf(head: Head): Level | undefined {
    if (!head.knowsLevel) {
      head.level = readLevel(head.bytes, head.start, head.end, shapeOf(head));
      head.knowsLevel = true;
    }
    return head.level;
  }

  /** In a log of several programs each line has its own. */
  function shapeOf({ bytes, start, end }: Head): Shape {
    if (bytes[start] === 0x7b) return 'json';
    if (shape !== 'text' && shape !== 'json') return shape;
    return detectShape([bytes.toString('latin1', start, Math.min(end, start + 1024))]);
  }

  function judge(head: Head): boolean {
    const { window, levels, where } = selection;
    if (window !== undefined) {
      const { timeMs } = head;
      if (timeMs === undefined) return false;
      if (window.sinceMs !== undefined && timeMs < window.sinceMs) return false;
      if (window.untilMs !== undefined && timeMs >= window.untilMs) return false;
    }
    if (levels !== undefined) {
      const level = levelOf(head);
      if (level === undefined || !levels.has(level)) return false;
    }
    return where === undefined || evaluateWhere(where, readRecord(head.bytes, head.start, head.end, shapeOf(head)));
  }

  /** The time of an event that has none of its own, an object of JSON for instance: that of the one before. */
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

  function begin(isFirst: boolean): void {
    isFirstTurn = isFirst;
    asked = -1;
    last = carried;
  }

  /** The start of an event at or before the line and behind the one that was asked for last; -1 when there is none. */
  function startAt(lineStart: number): number {
    let at = lineStart;
    while (at > asked) {
      const lineEnd = lineEndAt(block, at, block.length);
      foundTime = time?.read(block, at, lineEnd, lastTime);
      if ((startsByTime && foundTime !== undefined) || isStart(at, lineEnd)) return at;
      if (at === 0) return -1;
      at = lineStartAt(block, at - 1, 0);
    }
    return -1;
  }

  /** Moves on to the event that begins at `start`, whose time `startAt` has found. */
  function moveTo(start: number): void {
    if (foundTime !== undefined) {
      lastTime = foundTime;
      if (isFirstTurn) onTime?.(foundTime);
    }
    own.timeMs = foundTime ?? timeBefore(start);
    own.bytes = block;
    own.start = start;
    own.end = lineEndAt(block, start, block.length);
    own.knowsLevel = false;
    own.passes = undefined;
    last = own;
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
      const end = block.at(-1) === 0x0a ? block.length - 1 : block.length;
      const start = block.length === 0 ? -1 : startAt(lineStartAt(block, end, 0));
      if (start !== -1) moveTo(start);
      if (last !== own) return;
      const head = Buffer.from(block.subarray(own.start, Math.min(own.end, own.start + longestHead)));
      Object.assign(carried, own, { bytes: head, start: 0, end: head.length });
    },
    isStart,
    at(lineStart) {
      const start = startAt(lineStart);
      if (start !== -1) moveTo(start);
      asked = Math.max(asked, lineStart);
      return facts;
    },
  };
}

import { lineEndAt, lineStartAt } from '../pattern/line-bounds.ts';
import { countLineFeeds } from '../search/count-line-feeds.ts';
import { createEventTracker, type EventTracker } from '../search/event-tracker.ts';
import type { FoundBatch } from '../search/search-options.ts';
import { createRunSelector, type Runs } from '../search/select-runs.ts';
import { asksForEvents, type LineFormat, type Selection } from '../search/selection.ts';

/** Searches lines of one file as they come. */
export interface FollowedSearch {
  /** What is found in these whole lines; undefined while they may still be found with what comes. */
  add(bytes: Buffer): FoundBatch | undefined;
  /** Keeps what the next lines need of these, whose memory may be written anew then. */
  leave(): void;
}

export interface FollowedSearchOptions {
  selection: Selection;
  format: LineFormat;
  /** Whether time and level of what is found will be asked for. */
  wantsFacts: boolean;
  /** Number of the next line; 0 when lines are not numbered. */
  firstLine: number;
  /** Lines before the first ones, of an event that may go on. */
  before: Buffer;
}

/** An event that goes on for longer is searched in pieces. */
const longestHeld = 1024 * 1024;

/**
 * With `multiline` the last event stays open, for its next lines may come later, and be what is looked for: it is held
 * until it is found or the next one begins. What is given out was not given out before.
 */
export function createFollowedSearch(options: FollowedSearchOptions): FollowedSearch {
  const { selection, format, before } = options;
  const select = createRunSelector(selection);
  const events = createEventTracker(selection, format);
  const { multiline } = selection;
  let line = options.firstLine;
  /** The open event, and how much of it was given out. */
  let held: Buffer = multiline ? before : Buffer.alloc(0);
  let given = held.length;
  let isCut = false;
  const tracks = options.wantsFacts || asksForEvents(selection);
  if (!multiline && tracks) {
    events.enter(before);
    events.leave();
  }

  function batchOf(bytes: Buffer, runs: Runs, tracker: EventTracker): FoundBatch {
    const batch = { bytes, offset: 0, runs, events: tracker, firstLine: line, format };
    if (line > 0) line += countLineFeeds(bytes, 0, bytes.length);
    return batch;
  }

  function addLines(bytes: Buffer): FoundBatch {
    events.enter(bytes);
    const { runs } = select(bytes, events);
    events.rewind();
    return batchOf(bytes, runs, events);
  }

  function addEvents(bytes: Buffer): FoundBatch | undefined {
    const block = Buffer.concat([held, bytes]);
    events.enter(block);
    const { runs } = select(block, events);
    const open = lastEventStart(block, events);
    events.rewind();
    const isFound = runs.length > 0 && runs.at(-1)! > open;
    isCut = block.length - open > longestHeld;
    const from = given;
    const to = isFound || isCut ? block.length : Math.max(open, from);
    held = isCut ? Buffer.alloc(0) : block.subarray(open);
    given = isCut ? 0 : Math.max(0, to - open);
    return to === from ? undefined : batchOf(block.subarray(from, to), clip(runs, from, to), shifted(events, from));
  }

  return {
    add: multiline ? addEvents : addLines,
    leave() {
      // An event that is held begins in the next block once more.
      if (multiline ? isCut : tracks) events.leave();
    },
  };
}

/** Where the last event of the block begins, or what goes on with one before it. */
function lastEventStart(block: Buffer, events: EventTracker): number {
  let lineEnd = block.at(-1) === 0x0a ? block.length - 1 : block.length;
  for (;;) {
    const lineStart = lineStartAt(block, lineEnd, 0);
    if (lineStart === 0 || events.isStart(lineStart, lineEndAt(block, lineStart, block.length))) return lineStart;
    lineEnd = lineStart - 1;
  }
}

function clip(runs: Runs, from: number, to: number): Runs {
  const kept: Runs = [];
  for (let index = 0; index < runs.length; index += 2) {
    const [start, end] = [Math.max(runs[index]!, from), Math.min(runs[index + 1]!, to)];
    if (start < end) kept.push(start - from, end - from);
  }
  return kept;
}

/** The same events for who counts from `from` on. */
function shifted(events: EventTracker, from: number): EventTracker {
  return {
    ...events,
    isStart: (lineStart, lineEnd) => events.isStart(lineStart + from, lineEnd + from),
    at: (lineStart) => events.at(lineStart + from),
  };
}

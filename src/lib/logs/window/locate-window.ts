import type { TimeFormat } from '../time/time-format.ts';
import { createKnownEvents, type KnownEvent, type KnownEvents, type Refusal } from './known-events.ts';
import type { TimeWindow } from './time-window.ts';
import { createEventWalk, type EventLine } from './walk-events.ts';

export interface LocateOptions {
  /** Bytes of the file that count: it may be growing. */
  size: number;
  /** Byte where the text begins (after a byte order mark). Default 0. */
  start?: number;
  format: TimeFormat;
  window: TimeWindow;
  /** How far the lines of several writers may be out of order. */
  toleranceMs: number;
  signal: AbortSignal;
  /** Told of the bytes of each read, to measure. */
  onRead?: (bytes: number) => void;
}

export type LocatedWindow =
  /**
   * All events in the window lie in [start, end), which begin and end at events (or the file's ends). There may be some
   * outside of the window in it, as far as the tolerance goes: the caller looks at each event's time once more.
   * start === end: none.
   */
  | { kind: 'range'; start: number; end: number }
  /** The file is not sorted; `at` is the byte offset of a line that is older than one before it, for the message. */
  | { kind: 'unsorted'; at: number; beforeMs: number; thenMs: number }
  /** No line with a time was found (in the whole file or in a stretch too long to look further): the caller scans. */
  | { kind: 'untimed' };

/** Files up to this are read whole, and their order is known for certain. */
const smallBytes = 2_097_152;
/** Probes in the order of larger files, before anything is concluded from it. */
const evenProbes = 16;
/** What is left when halving costs more than reading. */
const scannedBytes = 16_384;

type IsBeyond = (event: EventLine) => boolean;

/** Looks at the order of the file. Answers whether there is an event in it. */
async function probeOrder(events: KnownEvents, start: number, size: number): Promise<boolean | Refusal> {
  const first = await events.next(start);
  if ('kind' in first) return first;
  if (first.start === size) return false;
  const places: number[] = [];
  for (let probe = 1; probe < evenProbes; probe++) {
    places.push(start + Math.floor(((size - start) / evenProbes) * probe));
  }
  for (const at of places) {
    const found = await events.next(at);
    if ('kind' in found) return found;
  }
  // What was written last is what most windows are about: all of it is looked at.
  const last = await events.next(size - scannedBytes);
  if ('kind' in last) return last;
  if (last.start === size) return true;
  const { beyond } = events.bracket(() => false);
  const end = await events.scan(last.start, beyond, () => false);
  return 'kind' in end ? end : true;
}

/** The same for a small file, by reading it. */
async function readOrder(events: KnownEvents, start: number): Promise<boolean | Refusal> {
  const { beyond } = events.bracket(() => false);
  const end = await events.scan(start, beyond, () => false);
  return 'kind' in end ? end : events.bracket(() => false).before !== undefined;
}

/** Two neighbouring events of which the first is not beyond and the second is: answers the second. */
async function findCrossing(events: KnownEvents, start: number, isBeyond: IsBeyond): Promise<KnownEvent | Refusal> {
  for (;;) {
    const { before, beyond } = events.bracket(isBeyond);
    const low = before?.start ?? start;
    if (beyond.from - low <= scannedBytes) return events.scan(low, beyond, isBeyond);
    const found = await events.next(Math.floor((low + beyond.from) / 2));
    if ('kind' in found) return found;
  }
}

/**
 * Finds the part of a sorted plain log that a window covers, by bisecting byte offsets: some 50 reads whatever the size.
 * It reads synchronously, a turn of the event loop and a look at the signal after each 16 MiB, and throws the signal's
 * reason. Lines before the first time are in the window only without `since`. A file that cannot be read, or became
 * shorter, is `untimed`, so that the caller's scan meets the failure and tells of it.
 *
 * Why the range is never short, where no event is older than one before it by more than the tolerance: it begins behind
 * a line that is older than `since` by more than the tolerance, before which nothing can be newer than `since`; it ends
 * before one that is newer than `until` by the tolerance, behind which nothing can be older. Local times that the clocks
 * show twice count as the later one for the first and as the earlier one for the second. And the range never begins
 * within such an hour, so that who reads on from its start with each line's time as a hint reads the times that a scan of
 * the whole file reads.
 */
export async function locateWindow(descriptor: number, options: LocateOptions): Promise<LocatedWindow> {
  const { size, start = 0, format, window, toleranceMs, signal, onRead } = options;
  const { sinceMs, untilMs } = window;
  signal.throwIfAborted();
  if (size <= start || (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs)) {
    return { kind: 'range', start, end: start };
  }
  if (sinceMs === undefined && untilMs === undefined) return { kind: 'range', start, end: size };

  const walk = createEventWalk(descriptor, { start, size, format, signal, onRead });
  const events = createKnownEvents(walk, { start, size, toleranceMs });
  const hasEvents = await (size - start <= smallBytes ? readOrder(events, start) : probeOrder(events, start, size));
  if (typeof hasEvents === 'object') return hasEvents;
  if (!hasEvents && walk.cut() === undefined) return { kind: 'untimed' };

  const firstBeyond = async (isBeyond: IsBeyond): Promise<EventLine | Refusal> => {
    const found = await findCrossing(events, start, isBeyond);
    const cut = walk.cut();
    return 'kind' in found || found.start < size || cut === undefined || !isBeyond(cut) ? found : cut;
  };

  let rangeStart = start;
  if (sinceMs !== undefined) {
    let first = await firstBeyond(({ latest }) => latest >= sinceMs - toleranceMs);
    if ('kind' in first) return first;
    if (first.earliest !== first.latest) {
      const earlier = Math.min(sinceMs, first.earliest) - toleranceMs;
      first = await firstBeyond(({ latest }) => latest >= earlier);
      if ('kind' in first) return first;
    }
    rangeStart = first.start;
  }
  if (untilMs === undefined) return { kind: 'range', start: rangeStart, end: size };
  const behind = await firstBeyond(({ earliest }) => earliest >= untilMs + toleranceMs);
  return 'kind' in behind ? behind : { kind: 'range', start: rangeStart, end: behind.start };
}

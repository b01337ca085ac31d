import type { EventLine, EventWalk } from './walk-events.ts';

/** Why the place of a window cannot be told: see LocatedWindow. */
export type Refusal = { kind: 'unsorted'; at: number; beforeMs: number; thenMs: number } | { kind: 'untimed' };

/** An event that was found; none begins in [from, start). */
export interface KnownEvent extends EventLine {
  from: number;
}

/** Two neighbours of what is known so far. */
export interface Bracket {
  /** The last one that is not beyond; undefined when all are. */
  before: KnownEvent | undefined;
  /** The one behind it. The end of the file is beyond everything. */
  beyond: KnownEvent;
}

/** The events of a file that were come across, in the order of the file. */
export interface KnownEvents {
  /** The first event that begins at or behind a byte, at the end of the file the size. No byte is looked through twice. */
  next(at: number): Promise<KnownEvent | Refusal>;
  /**
   * Reads all events from `low`, where one begins that is not beyond (or the file's text), to `beyond`; answers the first
   * for which `isBeyond`, else `beyond`. The order of all of them is looked at, and of those shortly before `low`.
   */
  scan(low: number, beyond: KnownEvent, isBeyond: (event: EventLine) => boolean): Promise<KnownEvent | Refusal>;
  bracket(isBeyond: (event: EventLine) => boolean): Bracket;
}

/** A page or two: one event is in them, or the next one is not far. */
const probeBytes = 8192;
/** A clock that was put back beside the begin of a window should not be missed. */
const lookedBackBytes = 8192;

/** Each event that is found is compared with all that were found before: `unsorted` when it is out of order. */
export function createKnownEvents(
  { walk }: Pick<EventWalk, 'walk'>,
  { start, size, toleranceMs }: { start: number; size: number; toleranceMs: number },
): KnownEvents {
  const events: KnownEvent[] = [{ from: size, start: size, earliest: Infinity, latest: Infinity }];

  function violation(earlier: EventLine, later: EventLine): Refusal | undefined {
    if (later.latest >= earlier.earliest - toleranceMs) return undefined;
    return { kind: 'unsorted', at: later.start, beforeMs: earlier.earliest, thenMs: later.earliest };
  }

  function add(event: EventLine, from: number): KnownEvent | Refusal {
    const index = events.findIndex((known) => known.start >= event.start);
    const same = events[index]!;
    if (same.start === event.start) {
      same.from = Math.min(same.from, from);
      return same;
    }
    const known = { ...event, from };
    for (let other = 0; other < events.length; other++) {
      const refusal = other < index ? violation(events[other]!, known) : violation(known, events[other]!);
      if (refusal !== undefined) return refusal;
    }
    events.splice(index, 0, known);
    return known;
  }

  return {
    async next(at) {
      const following = events.find((known) => known.start >= at)!;
      if (following.from <= at) return following;
      let found: EventLine | undefined;
      const result = await walk(at, following.from, probeBytes, (event) => {
        found = event;
        return false;
      });
      if (result === 'gave-up') return { kind: 'untimed' };
      if (found !== undefined) return add(found, at);
      following.from = at;
      return following;
    },

    async scan(low, beyond, isBeyond) {
      const from = Math.max(start, low - lookedBackBytes);
      let newest: EventLine | undefined;
      for (const known of events) {
        if (known.start < from && known.earliest > (newest?.earliest ?? -Infinity)) newest = known;
      }
      let before: EventLine | undefined;
      let found: EventLine | undefined;
      let refusal: Refusal | undefined;
      const result = await walk(from, beyond.from, beyond.from - from + 1024, (event) => {
        refusal = newest === undefined ? undefined : violation(newest, event);
        if (newest === undefined || event.earliest > newest.earliest) newest = event;
        if (event.start >= low && found === undefined) {
          if (isBeyond(event)) found = event;
          else before = event;
        }
        return refusal === undefined;
      });
      if (result === 'gave-up') return { kind: 'untimed' };
      if (refusal !== undefined) return refusal;
      if (before !== undefined) {
        const added = add(before, before.start);
        if ('kind' in added) return added;
      }
      const unread = before === undefined ? low : before.start + 1;
      if (found !== undefined) return add(found, unread);
      beyond.from = Math.min(beyond.from, unread);
      return beyond;
    },

    bracket(isBeyond) {
      let index = events.length - 1;
      while (index > 0 && isBeyond(events[index - 1]!)) index--;
      return { before: events[index - 1], beyond: events[index]! };
    },
  };
}

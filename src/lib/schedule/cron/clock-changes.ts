import type { Zone } from '../../time/zone.ts';

/** A moment at which the clocks of a zone are set. */
export interface ClockChange {
  /** Unix seconds, the first one with the new offset. */
  at: number;
  /** Seconds east of UTC before and from then on. */
  before: number;
  after: number;
}

/** A change that is taken back sooner is missed: the closest pair of the IANA database is seven days apart. */
const stride = 4 * 86_400;

/** The changes after a moment and before another. */
export function clockChanges(zone: Zone, from: number, to: number): ClockChange[] {
  const changes: ClockChange[] = [];
  let known = Math.floor(from);
  while (known < to) {
    const next = Math.min(known + stride, Math.ceil(to));
    const before = zone.offsetSeconds(known);
    const after = zone.offsetSeconds(next);
    if (before !== after) {
      const at = changeBetween(zone, known, next, before);
      if (at < to) changes.push({ at, before, after });
    }
    known = next;
  }
  return changes;
}

function changeBetween(zone: Zone, from: number, to: number, before: number): number {
  let old = from;
  let changed = to;
  while (changed - old > 1) {
    const middle = Math.floor((old + changed) / 2);
    if (zone.offsetSeconds(middle) === before) old = middle;
    else changed = middle;
  }
  return changed;
}

import type { Zone } from '../time/zone.ts';
import type { Transition } from './schedule.ts';
import type { DayNumber } from './wall-event.ts';

/**
 * When a clock in this zone shows a time of a day. Of a time that comes twice it is the first. For a time that is
 * skipped it is the first moment behind the gap, 03:00 for 02:30: `Zone.toUnix` goes forward by what was skipped, to
 * 03:30, as Temporal's `compatible` does, and a machine would be off for half an hour in which its schedule says on.
 * Hence a later wall time is never an earlier moment.
 */
export function wallMoment(zone: Zone, day: DayNumber, minute: number): Pick<Transition, 'at' | 'clock'> {
  const local = { year: 1970, month: 1, day: 1 + day, hour: 0, minute, second: 0 };
  const { seconds, kind } = zone.toUnix(local, 'earlier');
  return { at: kind === 'skipped' ? endOfGap(zone, seconds) : seconds, clock: kind };
}

/** The first moment with the offset that holds at `shifted`, which lies behind a gap by less than the gap is long. */
function endOfGap(zone: Zone, shifted: number): number {
  const after = zone.offsetSeconds(shifted);
  let behind = shifted;
  // No gap is longer than the day that Samoa left out.
  let before = shifted - 86_400 - 1;
  while (behind - before > 1) {
    const middle = Math.floor((before + behind) / 2);
    if (zone.offsetSeconds(middle) === after) behind = middle;
    else before = middle;
  }
  return behind;
}

import { localTimeOfSeconds } from '../../time/local-time.ts';
import type { Zone } from '../../time/zone.ts';
import { localSecondsOf } from './civil-date.ts';
import type { TimeContext } from './time-format.ts';

/** Turns what a clock on the wall shows into seconds since 1970. Local seconds are those since 1970-01-01 00:00 of it. */
export interface LocalClock {
  /** `after`, in milliseconds since 1970, chooses between the two instants of a local time that is repeated. */
  toUnix(localSeconds: number, after: number | undefined): number;
  /**
   * Local seconds of a date without a year: its latest occurrence that is at most a day later than the file's
   * modification time (clocks differ, and a log may be copied before it is read), so Feb 29 is the latest leap year's.
   * A record that was more than a year old when the file was last written is read a year too late, or more: nothing in
   * such a line tells.
   */
  latest(month: number, day: number, secondOfDay: number): number;
  /** The same for `at`, a function of the year (NaN for a year that has no such day). */
  latestOf(at: (year: number) => number): number;
}

/** All offsets in use today change on a quarter of an hour. */
const quarterSeconds = 900;
/** Quarters that are remembered: more than half a day, as lines of several threads go back and forth a little. */
const remembered = 64;
/** How far lines may be out of order before a step back is taken for the clocks being put back. */
const disorderMilliseconds = 5 * 60_000;

/** The offset from UTC with which a local time is read. One that the clocks leave out has the offset before. */
function offsetOf(zone: Zone, localSeconds: number, choice: 'earlier' | 'later'): number {
  return localSeconds - zone.toUnix(localTimeOfSeconds(localSeconds), choice).seconds;
}

function chosen(earlier: number, later: number, after: number | undefined): number {
  return after !== undefined && earlier * 1000 < after - disorderMilliseconds ? later : earlier;
}

/** The clock of a log's zone, with a small memory: asking a zone for each line would cost more than reading the line. */
export function createLocalClock({ zone, modifiedSeconds }: TimeContext): LocalClock {
  const quarters = new Float64Array(remembered).fill(NaN);
  const earlierOffsets = new Float64Array(remembered);
  const laterOffsets = new Float64Array(remembered);

  const limitSeconds = modifiedSeconds + 86_400;
  const limit = limitSeconds + zone.offsetSeconds(limitSeconds);
  const limitYear = localTimeOfSeconds(limit).year;

  /** Puts a quarter's offsets into its slot; false when they change within it. */
  function learn(quarter: number, slot: number): boolean {
    const first = quarter * quarterSeconds;
    const last = first + quarterSeconds - 1;
    const earlier = offsetOf(zone, first, 'earlier');
    const later = offsetOf(zone, first, 'later');
    if (earlier !== offsetOf(zone, last, 'earlier') || later !== offsetOf(zone, last, 'later')) return false;
    quarters[slot] = quarter;
    earlierOffsets[slot] = earlier;
    laterOffsets[slot] = later;
    return true;
  }

  function latestOf(at: (year: number) => number): number {
    // Eight years lie between the leap years around 2100.
    for (let year = limitYear; year > limitYear - 9; year--) {
      const seconds = at(year);
      if (seconds <= limit) return seconds;
    }
    return NaN;
  }

  return {
    toUnix(localSeconds, after) {
      const quarter = Math.floor(localSeconds / quarterSeconds);
      const slot = quarter & (remembered - 1);
      if (quarters[slot] !== quarter && !learn(quarter, slot)) {
        const earlier = localSeconds - offsetOf(zone, localSeconds, 'earlier');
        return chosen(earlier, localSeconds - offsetOf(zone, localSeconds, 'later'), after);
      }
      const offset = earlierOffsets[slot]!;
      const laterOffset = laterOffsets[slot]!;
      if (offset === laterOffset) return localSeconds - offset;
      return chosen(localSeconds - offset, localSeconds - laterOffset, after);
    },

    latest(month, day, secondOfDay) {
      const seconds = localSecondsOf(limitYear, month, day, 0, 0, 0) + secondOfDay;
      if (seconds <= limit) return seconds;
      return latestOf((year) => localSecondsOf(year, month, day, 0, 0, 0) + secondOfDay);
    },

    latestOf,
  };
}

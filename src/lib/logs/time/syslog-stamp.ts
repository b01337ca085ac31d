import { secondsOfDay } from './civil-date.ts';
import { fractionEnd, fractionMilliseconds, isDigit, twoDigits } from './digits.ts';
import type { LocalClock } from './local-clock.ts';
import { monthAt } from './names.ts';
import type { StampReader } from './time-format.ts';

/** The time of RFC 3164, `Nov  5 14:00:05`, with or without a fraction and with the day in one digit or two. */
export function syslogStamp(clock: LocalClock): StampReader {
  return (bytes, at, end, after) => {
    if (end - at < 14 || bytes[at + 3] !== 32) return NaN;
    const month = monthAt(bytes, at);
    if (month === 0) return NaN;
    // The day is padded with a blank or a zero, or not at all.
    const first = bytes[at + 4] === 32 ? at + 5 : at + 4;
    const single = bytes[first + 1] === 32;
    const day = !single ? twoDigits(bytes, first) : isDigit(bytes[first]) ? bytes[first]! - 48 : 0;
    const clockAt = first + (single ? 2 : 3);
    if (day < 1 || day > 31 || clockAt + 8 > end || bytes[clockAt - 1] !== 32) return NaN;
    if (bytes[clockAt + 2] !== 58 || bytes[clockAt + 5] !== 58) return NaN;
    const seconds = secondsOfDay(
      twoDigits(bytes, clockAt),
      twoDigits(bytes, clockAt + 3),
      twoDigits(bytes, clockAt + 6),
    );
    if (Number.isNaN(seconds)) return NaN;
    const last = fractionEnd(bytes, clockAt + 8, end);
    if (last < end && isDigit(bytes[last])) return NaN;
    const fraction = last > clockAt + 8 ? fractionMilliseconds(bytes, clockAt + 9, last) : 0;
    return clock.toUnix(clock.latest(month, day, seconds), after) * 1000 + fraction;
  };
}

import { localSecondsOf } from './civil-date.ts';
import { fourDigits, fractionEnd, fractionMilliseconds, isDigit, twoDigits } from './digits.ts';
import type { LocalClock } from './local-clock.ts';
import { monthAt } from './names.ts';
import type { StampReader } from './time-format.ts';
import { offsetAfter } from './zone-offset.ts';

/** The common log format of Apache and nginx, `20/Nov/2026:14:00:05 +0100`, also with a fraction and without an offset (HAProxy). */
export function clfStamp(clock: LocalClock): StampReader {
  return (bytes, at, end, after) => {
    if (end - at < 20) return NaN;
    if (bytes[at + 2] !== 47 || bytes[at + 6] !== 47 || bytes[at + 11] !== 58) return NaN;
    if (bytes[at + 14] !== 58 || bytes[at + 17] !== 58) return NaN;
    const local = localSecondsOf(
      fourDigits(bytes, at + 7),
      monthAt(bytes, at + 3),
      twoDigits(bytes, at),
      twoDigits(bytes, at + 12),
      twoDigits(bytes, at + 15),
      twoDigits(bytes, at + 18),
    );
    if (Number.isNaN(local)) return NaN;
    const last = fractionEnd(bytes, at + 20, end);
    if (last < end && isDigit(bytes[last])) return NaN;
    const fraction = last > at + 20 ? fractionMilliseconds(bytes, at + 21, last) : 0;
    const offset = offsetAfter(bytes, last, end);
    return (Number.isNaN(offset) ? clock.toUnix(local, after) : local - offset) * 1000 + fraction;
  };
}

import { localSecondsOf, secondsOfDay } from './civil-date.ts';
import { digitsEnd, fourDigits, fractionEnd, fractionMilliseconds, isDigit, twoDigits } from './digits.ts';
import type { LocalClock } from './local-clock.ts';
import type { StampReader } from './time-format.ts';

/** True for the letter of a level: I, W, E, F or D. */
function isLevel(byte: number): boolean {
  return byte === 73 || byte === 87 || byte === 69 || byte === 70 || byte === 68;
}

/** klog and glog: `I1120 14:00:05.123456`, newer glog with the year `I20261120 14:00:05.123456`. */
export function klogStamp(clock: LocalClock): StampReader {
  return (bytes, at, end, after) => {
    if (end - at < 14 || !isLevel(bytes[at]!)) return NaN;
    const dateEnd = digitsEnd(bytes, at + 1, Math.min(end, at + 10));
    const digits = dateEnd - at - 1;
    if ((digits !== 4 && digits !== 8) || dateEnd + 9 > end) return NaN;
    if (bytes[dateEnd] !== 32 || bytes[dateEnd + 3] !== 58 || bytes[dateEnd + 6] !== 58) return NaN;
    const month = twoDigits(bytes, dateEnd - 4);
    const day = twoDigits(bytes, dateEnd - 2);
    const seconds = secondsOfDay(
      twoDigits(bytes, dateEnd + 1),
      twoDigits(bytes, dateEnd + 4),
      twoDigits(bytes, dateEnd + 7),
    );
    const last = fractionEnd(bytes, dateEnd + 9, end);
    if (Number.isNaN(seconds) || (last < end && isDigit(bytes[last]))) return NaN;
    const local =
      digits === 8
        ? localSecondsOf(fourDigits(bytes, at + 1), month, day, 0, 0, 0) + seconds
        : clock.latest(month, day, seconds);
    const fraction = last > dateEnd + 9 ? fractionMilliseconds(bytes, dateEnd + 10, last) : 0;
    return clock.toUnix(local, after) * 1000 + fraction;
  };
}

import { localSecondsOf } from './civil-date.ts';
import { fourDigits, fractionEnd, fractionMilliseconds, isDigit, twoDigits } from './digits.ts';
import type { LocalClock } from './local-clock.ts';
import type { StampReader } from './time-format.ts';
import { offsetAfter } from './zone-offset.ts';

/** The hour before noon as MariaDB writes it, `2026-11-20  9:05:06`. */
function paddedHour(bytes: Buffer, at: number): number {
  return isDigit(bytes[at]) ? bytes[at]! - 48 : -1;
}

/**
 * ISO 8601, RFC 3339 and what is written alike: `2026-11-20T14:00:05.123456+01:00`, `2026-11-20 14:00:05,123`,
 * `2026-11-20 14:00`, and with slashes `2026/11/20 14:00:05` (nginx, Go).
 */
export function isoStamp(clock: LocalClock): StampReader {
  return (bytes, at, end, after) => {
    if (end - at < 16) return NaN;
    const separator = bytes[at + 4]!;
    const between = bytes[at + 10]!;
    if ((separator !== 45 && separator !== 47) || bytes[at + 7] !== separator || bytes[at + 13] !== 58) return NaN;
    if (between !== 84 && between !== 32 && between !== 116) return NaN;

    let last = at + 16;
    let second = 0;
    let fraction = 0;
    if (last + 3 <= end && bytes[last] === 58 && isDigit(bytes[last + 1])) {
      second = twoDigits(bytes, last + 1);
      const digits = last + 4;
      last = fractionEnd(bytes, last + 3, end);
      if (last > digits) fraction = fractionMilliseconds(bytes, digits, last);
    }
    if (last < end && isDigit(bytes[last])) return NaN;

    const local = localSecondsOf(
      fourDigits(bytes, at),
      twoDigits(bytes, at + 5),
      twoDigits(bytes, at + 8),
      bytes[at + 11] === 32 ? paddedHour(bytes, at + 12) : twoDigits(bytes, at + 11),
      twoDigits(bytes, at + 14),
      second,
    );
    if (Number.isNaN(local)) return NaN;
    const offset = offsetAfter(bytes, last, end);
    return (Number.isNaN(offset) ? clock.toUnix(local, after) : local - offset) * 1000 + fraction;
  };
}

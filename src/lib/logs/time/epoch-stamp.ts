import { digitsEnd, fractionEnd, fractionMilliseconds, isDigit, isLetter } from './digits.ts';

/** The seconds of the year 2100, beyond which a number of ten digits is something else, such as a telephone's. */
const latestSeconds = 4_102_444_800;

function wholeNumber(bytes: Buffer, from: number, to: number): number {
  let value = 0;
  for (let position = from; position < to; position++) value = value * 10 + bytes[position]! - 48;
  return value;
}

/**
 * Seconds (10 digits), milliseconds (13), microseconds (16) or nanoseconds (19) since 1970, of September 2001 to 2099,
 * told apart by the number of their digits, with or without a fraction. The seconds since boot of the kernel's ring
 * buffer (`[12345.678901]`) are no time of a clock and not read.
 */
export function epochStamp(bytes: Buffer, at: number, end: number): number {
  if (at >= end || bytes[at]! < 49 || bytes[at]! > 57) return NaN;
  const whole = digitsEnd(bytes, at, Math.min(end, at + 20));
  const digits = whole - at;
  if (digits !== 10 && digits !== 13 && digits !== 16 && digits !== 19) return NaN;
  const last = fractionEnd(bytes, whole, end);
  if (last < end && (isLetter(bytes[last]) || isDigit(bytes[last]))) return NaN;
  if (wholeNumber(bytes, at, at + 10) >= latestSeconds) return NaN;
  if (digits === 10) {
    return wholeNumber(bytes, at, whole) * 1000 + (last > whole ? fractionMilliseconds(bytes, whole + 1, last) : 0);
  }
  // The digits below a millisecond apart: 19 of them at once are more than a double holds.
  const milliseconds = wholeNumber(bytes, at, at + 13);
  return digits === 13 ? milliseconds : milliseconds + wholeNumber(bytes, at + 13, whole) / 10 ** (digits - 13);
}

/** A number as JSON writes it; one with an exponent (`1.763e+09`) is read by way of a text, as it is rare. */
export function epochNumber(bytes: Buffer, at: number, end: number): number {
  const time = epochStamp(bytes, at, end);
  if (!Number.isNaN(time) || !isDigit(bytes[at])) return time;
  const text = bytes.toString('latin1', at, Math.min(end, at + 40));
  const match = /^\d\.\d+e\+?0?(\d+)/i.exec(text);
  const exponent = Number(match?.[1]);
  if (match === null || (exponent !== 9 && exponent !== 12 && exponent !== 15 && exponent !== 18)) return NaN;
  const milliseconds = Number(match[0]) / 10 ** (exponent - 12);
  return milliseconds < latestSeconds * 1000 ? milliseconds : NaN;
}

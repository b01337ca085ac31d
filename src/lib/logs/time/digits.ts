/** True for the byte of a decimal digit; false beyond the end of the bytes. */
export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

/** True for an ASCII letter. */
export function isLetter(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 32;
  return lower >= 97 && lower <= 122;
}

/** The number of two digits, -1 when they are not two digits. The caller has checked that both lie before the end. */
export function twoDigits(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** The number of four digits, negative when they are not four digits. */
export function fourDigits(bytes: Buffer, at: number): number {
  const high = twoDigits(bytes, at);
  const low = twoDigits(bytes, at + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

/** Where the digits that begin at `at` end. */
export function digitsEnd(bytes: Buffer, at: number, end: number): number {
  let position = at;
  while (position < end && isDigit(bytes[position])) position++;
  return position;
}

/** Where the fraction of a second (`.123`, `,123456`) that begins at `at` ends; `at` itself when there is none. */
export function fractionEnd(bytes: Buffer, at: number, end: number): number {
  if (at + 1 >= end || (bytes[at] !== 46 && bytes[at] !== 44)) return at;
  const last = digitsEnd(bytes, at + 1, end);
  return last === at + 1 ? at : last;
}

const powersOfTen = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

/** Milliseconds of the digits of a fraction of a second, of which nine (nanoseconds) count. At least one is given. */
export function fractionMilliseconds(bytes: Buffer, from: number, to: number): number {
  const count = Math.min(to - from, 9);
  let value = 0;
  for (let position = from; position < from + count; position++) value = value * 10 + bytes[position]! - 48;
  // By powers that are whole numbers, as 0.001 is not exact.
  return count < 3 ? value * powersOfTen[3 - count]! : value / powersOfTen[count - 3]!;
}

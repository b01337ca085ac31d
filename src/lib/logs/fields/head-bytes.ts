/** The bytes that the search for a level tells apart. */
export const tab = 0x09;
export const lineFeed = 0x0a;
export const escape = 0x1b;
export const space = 0x20;
export const colon = 0x3a;
export const lessThan = 0x3c;
export const equals = 0x3d;
export const greaterThan = 0x3e;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const bar = 0x7c;

export function isLetter(byte: number): boolean {
  const small = byte | 0x20;
  return small >= 0x61 && small <= 0x7a;
}

export function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Bits of `kinds`. */
const inWord = 1;
export const letter = 2;
export const capital = 4;

/**
 * What each byte is: part of a word (letters, digits, bytes beyond ASCII, and what joins words to one name:
 * . / @ _ - + % $), a letter, a capital. A table, because this is asked for every byte of every head.
 */
export const kinds: Readonly<Uint8Array> = Uint8Array.from({ length: 256 }, (_, byte) => {
  const isJoint = './@_-+%$'.includes(String.fromCharCode(byte));
  const isPart = isLetter(byte) || isDigit(byte) || byte >= 0x80 || isJoint;
  return (isPart ? inWord : 0) | (isLetter(byte) ? letter : 0) | (isCapital(byte) ? capital : 0);
});

export function isWordByte(byte: number): boolean {
  return (kinds[byte]! & inWord) !== 0;
}

/** Index behind a colour of a terminal, `ESC [ ... letter`. */
export function behindColour(bytes: Buffer, start: number, end: number): number {
  let at = start + 1;
  if (at >= end || bytes[at] !== openBracket) return at;
  at++;
  while (at < end && bytes[at]! < 0x40) at++;
  return Math.min(at + 1, end);
}

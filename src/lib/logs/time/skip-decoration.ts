import { digitsEnd, isDigit, isLetter } from './digits.ts';

/** Where the escape sequence of a terminal (`ESC [ 31 m`) at `at` ends; `at` itself when there is none. */
function escapeEnd(bytes: Buffer, at: number, end: number): number {
  if (bytes[at] !== 27 || at + 1 >= end || bytes[at + 1] !== 91) return at;
  const limit = Math.min(end, at + 24);
  for (let position = at + 2; position < limit; position++) {
    const byte = bytes[position]!;
    if (byte >= 64 && byte <= 126) return position + 1;
  }
  return at;
}

/** Where the priority of syslog, `<34>`, at `at` ends; `at` itself when there is none. */
function priorityEnd(bytes: Buffer, at: number, end: number): number {
  if (bytes[at] !== 60) return at;
  const last = digitsEnd(bytes, at + 1, Math.min(end, at + 4));
  return last > at + 1 && last < end && bytes[last] === 62 ? last + 1 : at;
}

/** Skips a byte order mark and the colours of a terminal. */
export function skipColours(bytes: Buffer, start: number, end: number): number {
  let at = start;
  if (end - at >= 3 && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
  for (let round = 0; round < 4 && at < end && bytes[at] === 27; round++) at = escapeEnd(bytes, at, end);
  return at;
}

/** Skips what may stand directly before a time: colours, a byte order mark, `<34>`, brackets, quotes and the like. */
export function skipDecoration(bytes: Buffer, start: number, end: number): number {
  let at = skipColours(bytes, start, end);
  for (let round = 0; round < 6 && at < end; round++) {
    const byte = bytes[at]!;
    if (byte === 27) {
      const last = escapeEnd(bytes, at, end);
      if (last === at) return at;
      at = last;
    } else if (byte === 60 && priorityEnd(bytes, at, end) > at) {
      at = priorityEnd(bytes, at, end);
    } else if (byte > 32 && byte < 127 && !isDigit(byte) && !isLetter(byte)) {
      at++;
    } else {
      return at;
    }
  }
  return at;
}

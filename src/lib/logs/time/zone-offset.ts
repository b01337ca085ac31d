import { isDigit, twoDigits } from './digits.ts';
import { lettersEnd } from './names.ts';

/**
 * Seconds east of UTC of the abbreviations that mean one thing only, as PostgreSQL and `date` write them. Those that
 * several countries share (CST, IST, BST) are left to the zone of the log.
 */
const abbreviations: readonly (readonly [name: string, hours: number])[] = [
  ['UTC', 0],
  ['GMT', 0],
  ['WET', 0],
  ['WEST', 1],
  ['CET', 1],
  ['CEST', 2],
  ['EET', 2],
  ['EEST', 3],
  ['MSK', 3],
  ['JST', 9],
  ['EST', -5],
  ['EDT', -4],
  ['MST', -7],
  ['MDT', -6],
  ['PST', -8],
  ['PDT', -7],
];

function pack(name: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let position = from; position < to; position++) value = value * 256 + name[position]!;
  return value;
}

const offsetByAbbreviation: ReadonlyMap<number, number> = new Map(
  abbreviations.map(([name, hours]) => [pack(Buffer.from(name), 0, name.length), hours * 3600]),
);

function abbreviation(bytes: Buffer, at: number, end: number): number {
  const last = lettersEnd(bytes, at, Math.min(end, at + 5));
  if (last - at < 3 || last - at > 4 || (last < end && isDigit(bytes[last]))) return NaN;
  return offsetByAbbreviation.get(pack(bytes, at, last)) ?? NaN;
}

/** Where `+01`, `+0100` or `+01:00` at `at` ends; `at` itself when it is none of these. */
function numericEnd(bytes: Buffer, at: number, end: number): number {
  if (at + 3 > end || twoDigits(bytes, at + 1) < 0) return at;
  let last = at + 3;
  if (last + 3 <= end && bytes[last] === 58 && twoDigits(bytes, last + 1) >= 0) last += 3;
  else if (last + 2 <= end && twoDigits(bytes, last) >= 0) last += 2;
  // A range of times such as 14:00:05-14:10:00 is no offset.
  return last < end && (isDigit(bytes[last]) || bytes[last] === 58) ? at : last;
}

function numeric(bytes: Buffer, at: number, last: number): number {
  const hours = twoDigits(bytes, at + 1);
  const minutes = last - at > 3 ? twoDigits(bytes, last - 2) : 0;
  // The widest offsets in use are -12:00 and +14:00; POSIX and RFC 3339 allow up to a day.
  if (hours > 18 || minutes > 59) return NaN;
  return (hours * 3600 + minutes * 60) * (bytes[at] === 45 ? -1 : 1);
}

/** Seconds east of UTC of `Z`, `+HH`, `+HHMM`, `+HH:MM` or an unambiguous abbreviation at `at`; NaN when none is there. */
export function offsetAt(bytes: Buffer, at: number, end: number): number {
  if (at >= end) return NaN;
  const byte = bytes[at]!;
  if (byte === 43 || byte === 45) {
    const last = numericEnd(bytes, at, end);
    return last === at ? NaN : numeric(bytes, at, last);
  }
  if (byte === 90 || byte === 122) {
    return at + 1 < end && (isDigit(bytes[at + 1]) || lettersEnd(bytes, at, end) > at + 1) ? NaN : 0;
  }
  return byte >= 65 && byte < 90 ? abbreviation(bytes, at, end) : NaN;
}

/**
 * As offsetAt, also behind one space, as in `14:00:05 +0100` and `14:00:05 UTC`. Behind a space `+HH` needs its
 * minutes: `14:00:05 -10 items` has no offset.
 */
export function offsetAfter(bytes: Buffer, at: number, end: number): number {
  if (at >= end || bytes[at] !== 32) return offsetAt(bytes, at, end);
  const byte = bytes[at + 1];
  if (byte === 43 || byte === 45) {
    const last = numericEnd(bytes, at + 1, end);
    return last - at >= 6 ? numeric(bytes, at + 1, last) : NaN;
  }
  return offsetAt(bytes, at + 1, end);
}

/** Where what offsetAt reads ends. */
export function offsetEnd(bytes: Buffer, at: number, end: number): number {
  return bytes[at] === 43 || bytes[at] === 45 ? numericEnd(bytes, at, end) : lettersEnd(bytes, at, end);
}

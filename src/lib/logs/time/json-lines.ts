import { skipColours } from './skip-decoration.ts';
import { searchedBytes } from './fields.ts';
import type { StampReader, TimeFormat } from './time-format.ts';
import { timeKey, triedKeys } from './time-keys.ts';

/** How much of a line is looked through: a time behind more than this is not found, and a line of 64 MiB is no delay. */
const readBytes = 1024 * 1024;

function skipBlanks(bytes: Buffer, at: number, end: number): number {
  let position = at;
  while (position < end && (bytes[position] === 32 || bytes[position] === 9)) position++;
  return position;
}

/** The closing quotation mark of the string whose text begins at `at`; `end` when it is not closed. */
function stringEnd(bytes: Buffer, at: number, end: number): number {
  let position = at;
  while (position < end) {
    const byte = bytes[position]!;
    if (byte === 34) return position;
    position += byte === 92 ? 2 : 1;
  }
  return end;
}

/** Where the value that begins at `at` ends: an object or a list with all that is nested in it. */
function valueEnd(bytes: Buffer, at: number, end: number): number {
  let depth = 0;
  let position = at;
  while (position < end) {
    const byte = bytes[position]!;
    if (byte === 34) {
      position = stringEnd(bytes, position + 1, end) + 1;
      if (depth === 0) return Math.min(position, end);
      continue;
    }
    if (byte === 123 || byte === 91) depth++;
    else if (byte === 125 || byte === 93) {
      if (depth === 0) return position;
      if (--depth === 0) return position + 1;
    } else if (byte === 44 && depth === 0) return position;
    position++;
  }
  return end;
}

/** The time of a value; MongoDB's extended JSON wraps it: `{"$date":"2026-..."}`, `{"$date":{"$numberLong":"1763..."}}`. */
function valueTime(value: StampReader, bytes: Buffer, at: number, end: number, after: number | undefined): number {
  let position = at;
  for (let depth = 0; depth < 2 && bytes[position] === 123; depth++) {
    const name = skipBlanks(bytes, position + 1, end);
    if (name + 2 >= end || bytes[name] !== 34 || bytes[name + 1] !== 36) return NaN;
    const colon = skipBlanks(bytes, stringEnd(bytes, name + 1, end) + 1, end);
    if (colon >= end || bytes[colon] !== 58) return NaN;
    position = skipBlanks(bytes, colon + 1, end);
  }
  return position < end && bytes[position] === 34
    ? value(bytes, position + 1, end, after)
    : value(bytes, position, end, after);
}

/**
 * Lines of JSON: the time is under a key of the outermost object (timeKey), read without decoding the line. `preferred`
 * is the key that is taken before others of the same line, 0 for none. `prefixed` lines have something before the
 * object, as those of docker compose. `found` is told the key of each time: that is how the preferred one is learnt.
 */
export function jsonFormat(
  value: StampReader,
  {
    preferred = 0,
    prefixed = false,
    found,
  }: { preferred?: number; prefixed?: boolean; found?: (key: number) => void } = {},
): TimeFormat {
  function objectAt(bytes: Buffer, start: number, end: number): number {
    let at = skipBlanks(bytes, skipColours(bytes, start, end), end);
    if (!prefixed) return at;
    const limit = Math.min(end, at + searchedBytes);
    while (at < limit && bytes[at] !== 123) at++;
    return at;
  }

  return {
    name: 'json',
    read(bytes, start, lineEnd, after) {
      const end = Math.min(lineEnd, start + readBytes);
      let position = objectAt(bytes, start, end);
      if (position >= end || bytes[position] !== 123) return undefined;
      let other: number | undefined;
      let tried = 0;
      do {
        const name = skipBlanks(bytes, position + 1, end);
        if (name >= end || bytes[name] !== 34) return other;
        const nameEnd = stringEnd(bytes, name + 1, end);
        const colon = skipBlanks(bytes, nameEnd + 1, end);
        if (colon >= end || bytes[colon] !== 58) return other;
        position = skipBlanks(bytes, colon + 1, end);
        const key = timeKey(bytes, name + 1, nameEnd);
        if (key > 0 && position < end) {
          if (++tried > triedKeys) return other;
          const time = valueTime(value, bytes, position, end, after);
          if (!Number.isNaN(time)) {
            found?.(key);
            if (preferred === 0 || key === preferred) return time;
            other ??= time;
          }
        }
        position = skipBlanks(bytes, valueEnd(bytes, position, end), end);
      } while (position < end && bytes[position] === 44);
      return other;
    },
  };
}

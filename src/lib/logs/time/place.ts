import { isDigit, isLetter } from './digits.ts';
import { fieldAt, nextField, searchedBytes } from './fields.ts';
import { skipDecoration } from './skip-decoration.ts';
import type { StampReader, TimeFormat } from './time-format.ts';

/**
 * Where in its lines a log has the time: at their start (0), in a field counted from 0 (`INFO  2026-11-20 ...` has it
 * in field 1), in the first field of a line that can be read (`anywhere`), or even within a field, behind anything but
 * a digit (`within`).
 */
export type Place = number | 'anywhere' | 'within';

/** The fields that are looked through for a place. */
export const placedFields = 12;

/** Reads a time at `at`, or behind the brackets, colours and the like that stand there. */
export function readDecorated(
  stamp: StampReader,
  bytes: Buffer,
  at: number,
  end: number,
  after: number | undefined,
): number {
  const time = stamp(bytes, at, end, after);
  if (!Number.isNaN(time) || isDigit(bytes[at]) || isLetter(bytes[at])) return time;
  const behind = skipDecoration(bytes, at, end);
  return behind === at || behind >= end ? NaN : stamp(bytes, behind, end, after);
}

function readAnywhere(
  stamp: StampReader,
  bytes: Buffer,
  start: number,
  end: number,
  after: number | undefined,
): number {
  const limit = Math.min(end, start + searchedBytes);
  for (let at = fieldAt(bytes, start, limit, 0); at < limit; at = nextField(bytes, at, limit)) {
    const time = readDecorated(stamp, bytes, at, end, after);
    if (!Number.isNaN(time)) return time;
  }
  return NaN;
}

function readWithin(stamp: StampReader, bytes: Buffer, start: number, end: number, after: number | undefined): number {
  const limit = Math.min(end, start + searchedBytes);
  for (let at = start; at < limit; at++) {
    if (at > start && isDigit(bytes[at - 1])) continue;
    const time = stamp(bytes, at, end, after);
    if (!Number.isNaN(time)) return time;
  }
  return NaN;
}

/** A format that reads `stamp` at its place of each line. */
export function formatAt(name: string, stamp: StampReader, place: Place): TimeFormat {
  if (place === 0) {
    return {
      name,
      read(bytes, start, end, after) {
        if (start >= end) return undefined;
        const time = readDecorated(stamp, bytes, start, end, after);
        return Number.isNaN(time) ? undefined : time;
      },
    };
  }
  return {
    name,
    read(bytes, start, end, after) {
      const limit = Math.min(end, start + searchedBytes);
      let time = NaN;
      if (place === 'anywhere') time = readAnywhere(stamp, bytes, start, end, after);
      else if (place === 'within') time = readWithin(stamp, bytes, start, end, after);
      else {
        const at = fieldAt(bytes, start, limit, place);
        if (at < limit) time = readDecorated(stamp, bytes, at, end, after);
      }
      return Number.isNaN(time) ? undefined : time;
    },
  };
}

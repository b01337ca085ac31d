import { fieldAt, nextField, searchedBytes } from './fields.ts';
import { placedFields, readDecorated, type Place } from './place.ts';
import { visitLines } from './sample-lines.ts';
import type { LogSample, StampReader } from './time-format.ts';

/** Lines with a time after which a sample is enough. */
export const enoughLines = 40;

/** The field of a line in which `stamp` reads a time, -1 when there is none; the line's start is field 0. */
function fieldOf(stamp: StampReader, bytes: Buffer, start: number, end: number): number {
  if (start < end && !Number.isNaN(readDecorated(stamp, bytes, start, end, undefined))) return 0;
  const limit = Math.min(end, start + searchedBytes);
  let at = fieldAt(bytes, start, limit, 1);
  for (let field = 1; field < placedFields && at < limit; field++) {
    if (!Number.isNaN(readDecorated(stamp, bytes, at, end, undefined))) return field;
    at = nextField(bytes, at, limit);
  }
  return -1;
}

/**
 * The place of times that were found `counts[field]` times in each field. The line's start wins when it has a quarter
 * of them, since the lines of a stack trace or a query quote times, too; another field when it has four of five.
 */
export function placeOf(counts: readonly number[]): Place {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts[0]! * 4 >= total) return 0;
  const most = Math.max(...counts);
  return most * 10 >= total * 8 ? counts.indexOf(most) : 'anywhere';
}

/** Where in the lines of a sample `stamp` reads times; undefined when it reads none at the start of a field. */
export function learnPlace(stamp: StampReader, sample: LogSample): Place | undefined {
  const counts = Array.from({ length: placedFields }, () => 0);
  let found = 0;
  visitLines(sample, (bytes, start, end) => {
    const field = fieldOf(stamp, bytes, start, end);
    if (field >= 0) {
      counts[field]!++;
      found++;
    }
    return found < enoughLines;
  });
  return found === 0 ? undefined : placeOf(counts);
}

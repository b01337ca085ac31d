import { bracketedFormat } from './bracketed.ts';
import { clfStamp } from './clf-stamp.ts';
import { isDigit } from './digits.ts';
import { fieldAt, nextField, searchedBytes } from './fields.ts';
import { isoStamp } from './iso-stamp.ts';
import { jsonFormat } from './json-lines.ts';
import { learnJson } from './learn-json.ts';
import { enoughLines, placeOf } from './learn-place.ts';
import { createLocalClock } from './local-clock.ts';
import { logfmtFormat } from './logfmt.ts';
import { formatAt, placedFields } from './place.ts';
import { rfc5424Format } from './rfc5424.ts';
import { visitLines } from './sample-lines.ts';
import { skipColours, skipDecoration } from './skip-decoration.ts';
import { stampsOf, valueStamp, type NamedStamp } from './stamps.ts';
import type { LogSample, TimeContext, TimeFormat } from './time-format.ts';

/** How many lines of a sample one format was the first to read, and in which field. */
interface Tally {
  readonly format: () => TimeFormat;
  /** By field. Formats that find their own place count in field 0 when they are told by the start of the line. */
  readonly counts: number[];
}

function totalOf(tally: Tally): number {
  return tally.counts.reduce((sum, count) => sum + count, 0);
}

/** True for a line that goes on with the record before it: empty, indented, or only a closing bracket. */
function isContinuation(bytes: Buffer, start: number, end: number): boolean {
  const first = start < end ? bytes[start]! : 10;
  return first <= 32 || first === 125 || first === 41;
}

/** True for a line whose first field is `key=...`. */
function startsWithKey(bytes: Buffer, start: number, end: number): boolean {
  const at = skipColours(bytes, start, end);
  const last = Math.min(nextField(bytes, at, end), at + 30);
  for (let position = at + 1; position < last; position++) if (bytes[position] === 61) return true;
  return false;
}

/** Counts the first place of a line at which one of the stamps reads. */
function countStamps(
  stamps: readonly NamedStamp[],
  tallies: readonly Tally[],
  bytes: Buffer,
  start: number,
  end: number,
  fields: { from: number; until: number },
): boolean {
  const limit = Math.min(end, start + searchedBytes);
  let at = fields.from === 0 ? start : fieldAt(bytes, start, limit, fields.from);
  for (let field = fields.from; field < fields.until && at < limit; field++) {
    const behind = skipDecoration(bytes, at, end);
    const hasDigit = isDigit(bytes[behind]);
    for (let index = 0; index < stamps.length; index++) {
      const { name, beginsWithDigit, read } = stamps[index]!;
      // A number deep in a line is any number.
      if (beginsWithDigit !== hasDigit || (name === 'epoch' && field > 1)) continue;
      if (Number.isNaN(read(bytes, behind, end, undefined))) continue;
      tallies[index]!.counts[field]!++;
      return true;
    }
    at = nextField(bytes, at, limit);
  }
  return false;
}

/**
 * Finds how the lines of a log say their time, from the first of them that do: banners and stack traces before them do
 * no harm. Each line counts for the first format that reads it: JSON, RFC 5424, a time at the line's start, logfmt (when
 * the line begins with a key), the common log format, a time in one of the next fields, the foremost first, logfmt and
 * JSON behind something else; at one place ISO 8601 before syslog, klog, the patterns of known programs and the epoch.
 * The format of most lines is taken, and of as many the one first in this list; one that reads the lines' start is
 * preferred when it has a quarter as many lines, as the lines that go on with a record quote times, too. A time that is
 * not at the start has to be in one line of ten of those that begin a record. Undefined when nothing can be read.
 */
export function detectTimeFormat(sample: LogSample, context: TimeContext): TimeFormat | undefined {
  const clock = createLocalClock(context);
  const stamps = stampsOf(clock);
  const value = valueStamp(clock, stamps);
  const emptyCounts = (): number[] => Array.from({ length: placedFields }, () => 0);

  const seeJson = jsonFormat(value);
  const seePrefixedJson = jsonFormat(value, { prefixed: true });
  const rfc5424 = rfc5424Format(isoStamp(clock));
  const logfmt = logfmtFormat(value);
  const clf = bracketedFormat('clf', clfStamp(clock));

  const json: Tally = { format: () => learnJson(value, sample), counts: emptyCounts() };
  const prefixed: Tally = { format: () => learnJson(value, sample), counts: emptyCounts() };
  const header: Tally = { format: () => rfc5424, counts: emptyCounts() };
  const keys: Tally = { format: () => logfmt, counts: emptyCounts() };
  const access: Tally = { format: () => clf, counts: emptyCounts() };
  const placed: Tally[] = stamps.map(({ name, read }) => {
    const counts = emptyCounts();
    return { format: () => formatAt(name, read, placeOf(counts)), counts };
  });

  /** Counts a line for the first format that reads it. */
  function recognise(bytes: Buffer, start: number, end: number): boolean {
    const reads = (format: TimeFormat, tally: Tally, field: number): boolean => {
      if (format.read(bytes, start, end) === undefined) return false;
      tally.counts[field]!++;
      return true;
    };
    return (
      reads(seeJson, json, 0) ||
      reads(rfc5424, header, 0) ||
      countStamps(stamps, placed, bytes, start, end, { from: 0, until: 1 }) ||
      (startsWithKey(bytes, start, end) && reads(logfmt, keys, 0)) ||
      reads(clf, access, 1) ||
      countStamps(stamps, placed, bytes, start, end, { from: 1, until: placedFields }) ||
      reads(logfmt, keys, 1) ||
      reads(seePrefixedJson, prefixed, 1)
    );
  }

  let lines = 0;
  let found = 0;
  visitLines(sample, (bytes, start, end) => {
    if (!isContinuation(bytes, start, end)) lines++;
    if (recognise(bytes, start, end)) found++;
    return found < enoughLines;
  });

  const ordered = [json, header, ...placed, keys, access, prefixed];
  const atStart = most(ordered, (tally) => tally.counts[0]!);
  const overall = most(ordered, totalOf);
  if (atStart !== undefined && atStart.counts[0]! * 4 >= totalOf(overall!)) return atStart.format();
  return overall !== undefined && totalOf(overall) * 10 >= lines ? overall.format() : undefined;
}

/** The tally with the highest count, the first of equal ones; undefined when all are zero. */
function most(tallies: readonly Tally[], countOf: (tally: Tally) => number): Tally | undefined {
  let best: Tally | undefined;
  for (const tally of tallies) if (countOf(tally) > (best === undefined ? 0 : countOf(best))) best = tally;
  return best;
}

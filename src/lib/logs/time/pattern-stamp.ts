import { localSecondsOf, localSecondsOfDayOfYear, secondsOfDay } from './civil-date.ts';
import { digitsEnd, fractionEnd, fractionMilliseconds, isDigit, twoDigits } from './digits.ts';
import type { LocalClock } from './local-clock.ts';
import { lettersEnd, monthAt, weekdayAt } from './names.ts';
import type { PatternStep, TimePattern } from './parse-pattern.ts';
import type { StampReader } from './time-format.ts';
import { offsetAt, offsetEnd } from './zone-offset.ts';

/** How many digits a numeric directive takes at most; all but the year take fewer, too. */
function widthOf(letter: string): number {
  return letter === 'Y' ? 4 : letter === 'j' ? 3 : letter === 's' ? 12 : letter === 'f' ? 9 : 2;
}

/** Steps as numbers, which are faster to go through than objects: the code of a letter, or less than 0. */
function codesOf(steps: readonly PatternStep[]): { codes: Int16Array; bytes: Uint8Array; widths: Uint8Array } {
  return {
    codes: Int16Array.from(steps, (step) =>
      step.kind === 'directive' ? step.letter.charCodeAt(0) : step.kind === 'blanks' ? -1 : -2,
    ),
    bytes: Uint8Array.from(steps, (step) => (step.kind === 'byte' ? step.byte : 0)),
    widths: Uint8Array.from(steps, (step) => (step.kind === 'directive' ? widthOf(step.letter) : 0)),
  };
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

function numberAt(bytes: Buffer, from: number, to: number): number {
  if (to - from === 2) return twoDigits(bytes, from);
  let value = 0;
  for (let position = from; position < to; position++) value = value * 10 + bytes[position]! - 48;
  return value;
}

/** 0 for AM, 1 for PM, -1 for neither. */
function halfOfDay(bytes: Buffer, at: number, end: number): number {
  if (at + 2 > end || (bytes[at + 1]! | 32) !== 109) return -1;
  const letter = bytes[at]! | 32;
  return letter === 97 ? 0 : letter === 112 ? 1 : -1;
}

/** Reads what a strptime pattern describes; the last steps of the pattern may not be followed by a further digit. */
export function patternStamp(pattern: TimePattern, clock: LocalClock): StampReader {
  const { codes, bytes: literals, widths } = codesOf(pattern.steps);
  const count = codes.length;

  return (bytes, at, end, after) => {
    let year = -1;
    let month = 0;
    let day = 0;
    let dayOfYear = 0;
    let hour = 0;
    let minute = 0;
    let second = 0;
    let half = -1;
    let fraction = 0;
    let offset = NaN;
    let epoch = NaN;
    let position = at;

    for (let index = 0; index < count; index++) {
      if (position >= end) return NaN;
      const code = codes[index]!;
      if (code === -2) {
        if (bytes[position] !== literals[index]) return NaN;
        position++;
      } else if (code === -1) {
        if (!isBlank(bytes[position])) return NaN;
        while (position < end && isBlank(bytes[position])) position++;
      } else if (code === 98 || code === 66 || code === 97 || code === 65) {
        // b, B, a, A: three letters, or the whole name.
        if (position + 3 > end) return NaN;
        if (code === 98 || code === 66) month = monthAt(bytes, position);
        if ((code === 98 || code === 66 ? month : weekdayAt(bytes, position)) === 0) return NaN;
        position = lettersEnd(bytes, position, Math.min(end, position + 10));
      } else if (code === 112) {
        half = halfOfDay(bytes, position, end);
        if (half < 0) return NaN;
        position += 2;
      } else if (code === 122 || code === 90) {
        // z must be an offset; Z may be an abbreviation that only the zone of the log explains.
        offset = offsetAt(bytes, position, end);
        const last = offsetEnd(bytes, position, end);
        if (last === position || (code === 122 && Number.isNaN(offset))) return NaN;
        position = last;
      } else {
        // A number may be padded with a blank, as in `Nov  5` and ` 9:05:06`.
        if (widths[index] === 2 && bytes[position] === 32) position++;
        const last = digitsEnd(bytes, position, Math.min(end, position + widths[index]!));
        if (last === position || (code === 89 && last - position !== 4)) return NaN;
        const value = code === 102 ? fractionMilliseconds(bytes, position, last) : numberAt(bytes, position, last);
        position = last;
        if (code === 89) year = value;
        else if (code === 121) year = value < 69 ? 2000 + value : 1900 + value;
        else if (code === 109) month = value;
        else if (code === 100 || code === 101) day = value;
        else if (code === 106) dayOfYear = value;
        else if (code === 72 || code === 107 || code === 73) hour = value;
        else if (code === 77) minute = value;
        else if (code === 102) fraction = value;
        else if (code === 115) epoch = value;
        else {
          second = value;
          const next = codes[index + 1];
          const goesOn = next === -2 && (literals[index + 1] === 46 || literals[index + 1] === 44);
          const fractionLast = goesOn ? position : fractionEnd(bytes, position, end);
          if (fractionLast > position) fraction = fractionMilliseconds(bytes, position + 1, fractionLast);
          position = fractionLast;
        }
      }
    }
    if (position < end && isDigit(bytes[position]) && isDigit(bytes[position - 1])) return NaN;
    if (!Number.isNaN(epoch)) return epoch * 1000 + fraction;

    if (half >= 0) hour = hour < 1 || hour > 12 ? -1 : (hour % 12) + 12 * half;
    const seconds = secondsOfDay(hour, minute, second);
    if (Number.isNaN(seconds)) return NaN;
    const local = dateOf(clock, year, month, day, dayOfYear, seconds);
    if (Number.isNaN(local)) return NaN;
    return (Number.isNaN(offset) ? clock.toUnix(local, after) : local - offset) * 1000 + fraction;
  };
}

function dateOf(
  clock: LocalClock,
  year: number,
  month: number,
  day: number,
  dayOfYear: number,
  seconds: number,
): number {
  if (month === 0 && dayOfYear > 0) {
    if (year >= 0) return localSecondsOfDayOfYear(year, dayOfYear) + seconds;
    return clock.latestOf((candidate) => localSecondsOfDayOfYear(candidate, dayOfYear) + seconds);
  }
  return year >= 0 ? localSecondsOf(year, month, day, 0, 0, 0) + seconds : clock.latest(month, day, seconds);
}

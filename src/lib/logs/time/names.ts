import { isLetter } from './digits.ts';

function packed(name: string): number {
  return (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2);
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map(packed);
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map(packed);

function indexOfName(names: readonly number[], bytes: Buffer, at: number): number {
  const first = bytes[at]! | 32;
  const name = (first << 16) | ((bytes[at + 1]! | 32) << 8) | (bytes[at + 2]! | 32);
  for (let index = 0; index < names.length; index++) if (names[index] === name) return index + 1;
  return 0;
}

/** 1 to 12 of an English month by its first three letters, in any case; 0 when none stands at `at`. */
export function monthAt(bytes: Buffer, at: number): number {
  return indexOfName(months, bytes, at);
}

/** 1 (Monday) to 7 of an English day of the week by its first three letters; 0 when none stands at `at`. */
export function weekdayAt(bytes: Buffer, at: number): number {
  return indexOfName(weekdays, bytes, at);
}

/** Where the letters that begin at `at` end. */
export function lettersEnd(bytes: Buffer, at: number, end: number): number {
  let position = at;
  while (position < end && isLetter(bytes[position])) position++;
  return position;
}

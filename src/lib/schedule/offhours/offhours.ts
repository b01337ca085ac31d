/** One side of a tag: the minutes after midnight at which something happens, and the days on which it does, by bits. */
export type Times = ReadonlyMap<number, number>;

/** What a tag says, with neither side where it opts out. */
export interface Offhours {
  off: Times;
  on: Times;
  /** As it is written behind `tz=`, with its offset in the value; undefined when there is none. */
  zone?: { name: string; offset: number };
}

/** Monday first, the lowest bit. Thursday is H and Sunday U. */
export const dayLetters = 'mtwhfsu';

/** Monday to Friday. */
export const workdays = 0b001_1111;

/** First and last byte of a range, both inclusive. */
export type ByteRange = readonly [number, number];

/** A set of bytes as ascending ranges with gaps between them. */
export type ByteSet = readonly ByteRange[];

/** The set that these ranges cover, whatever their order. */
export function byteSet(...ranges: readonly ByteRange[]): ByteSet {
  const merged: [number, number][] = [];
  for (const [first, last] of ranges.toSorted((one, other) => one[0] - other[0])) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

export function unionOf(...sets: readonly ByteSet[]): ByteSet {
  return byteSet(...sets.flat());
}

export function complementOf(set: ByteSet): ByteSet {
  const gaps: ByteRange[] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= 0xff) gaps.push([next, 0xff]);
  return gaps;
}

/** The set with the other case of each of its ASCII letters; bytes beyond ASCII have no case here. */
export function foldCase(set: ByteSet): ByteSet {
  const other = (from: number, distance: number): ByteRange[] =>
    set
      .map(([first, last]): ByteRange => [Math.max(first, from), Math.min(last, from + 25)])
      .filter(([first, last]) => first <= last)
      .map(([first, last]): ByteRange => [first + distance, last + distance]);
  return unionOf(set, other(0x41, 0x20), other(0x61, -0x20));
}

export function sizeOf(set: ByteSet): number {
  return set.reduce((size, [first, last]) => size + last - first + 1, 0);
}

/** Its bytes in ascending order. */
export function bytesOf(set: ByteSet): number[] {
  return set.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, offset) => first + offset));
}

export function holdsByte(set: ByteSet, byte: number): boolean {
  return set.some(([first, last]) => byte >= first && byte <= last);
}

export const lineFeed = 0x0a;

/** What a set can match within a line. */
export function withoutLineFeed(set: ByteSet): ByteSet {
  return complementOf(unionOf(complementOf(set), [[lineFeed, lineFeed]]));
}

export const digits: ByteSet = [[0x30, 0x39]];
export const wordBytes: ByteSet = byteSet([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);
export const spaces: ByteSet = byteSet([0x09, 0x0d], [0x20, 0x20]);

/** The classes of POSIX as the C locale has them, and `word` and `ascii`, which Perl and Rust have besides. */
export const posixClasses: ReadonlyMap<string, ByteSet> = new Map([
  ['alpha', byteSet([0x41, 0x5a], [0x61, 0x7a])],
  ['digit', digits],
  ['alnum', byteSet([0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a])],
  ['upper', byteSet([0x41, 0x5a])],
  ['lower', byteSet([0x61, 0x7a])],
  ['space', spaces],
  ['blank', byteSet([0x09, 0x09], [0x20, 0x20])],
  ['punct', byteSet([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e])],
  ['print', byteSet([0x20, 0x7e])],
  ['graph', byteSet([0x21, 0x7e])],
  ['cntrl', byteSet([0x00, 0x1f], [0x7f, 0x7f])],
  ['xdigit', byteSet([0x30, 0x39], [0x41, 0x46], [0x61, 0x66])],
  ['word', wordBytes],
  ['ascii', byteSet([0x00, 0x7f])],
]);

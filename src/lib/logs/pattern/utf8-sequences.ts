import type { ByteRange } from './byte-set.ts';

/** Last code point that takes one, two, three and four bytes. */
const lastOfLength = [0x7f, 0x7ff, 0xffff, 0x10ffff] as const;

/**
 * The UTF-8 forms of the code points from `first` to `last` as few sequences of byte ranges: the text of each code point
 * fits exactly one. Surrogates have no form and are left out.
 */
export function utf8Sequences(first: number, last: number): ByteRange[][] {
  if (first > last) return [];
  if (first <= 0xdfff && last >= 0xd800) return [...utf8Sequences(first, 0xd7ff), ...utf8Sequences(0xe000, last)];
  const boundary = lastOfLength.find((limit) => first <= limit)!;
  if (last > boundary) return [...utf8Sequences(first, boundary), ...utf8Sequences(boundary + 1, last)];
  const continuations = lastOfLength.indexOf(boundary);
  for (let count = 1; count <= continuations; count++) {
    // Where a leading byte varies, the bytes behind it must run over their whole range to be written as a range.
    const mask = (1 << (6 * count)) - 1;
    if (first >> (6 * count) === last >> (6 * count)) continue;
    if ((first & mask) !== 0)
      return [...utf8Sequences(first, first | mask), ...utf8Sequences((first | mask) + 1, last)];
    if ((last & mask) !== mask) {
      return [...utf8Sequences(first, (last & ~mask) - 1), ...utf8Sequences(last & ~mask, last)];
    }
  }
  const lastBytes = encode(last);
  return [encode(first).map((byte, index): ByteRange => [byte, lastBytes[index]!])];
}

function encode(codePoint: number): number[] {
  return [...Buffer.from(String.fromCodePoint(codePoint))];
}

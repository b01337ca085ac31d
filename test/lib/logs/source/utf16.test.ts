import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createUtf16Decoder } from '../../../../src/lib/logs/source/utf16.ts';

function decode(bytes: Buffer, byteOrder: 'little-endian' | 'big-endian', cuts: readonly number[]) {
  const decoder = createUtf16Decoder(byteOrder);
  const parts: Buffer[] = [];
  let at = 0;
  for (const cut of [...cuts.map((each) => each % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]) {
    // The memory of a chunk is written anew after it, as that of a file is.
    const chunk = Buffer.from(bytes.subarray(at, cut));
    parts.push(Buffer.from(decoder.push(chunk)));
    chunk.fill(0x3f);
    at = cut;
  }
  const { bytes: rest, broken } = decoder.end();
  return { text: Buffer.concat([...parts, rest]).toString(), broken };
}

test('text comes out the same wherever its chunks end, in both byte orders', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat({ max: 60 })), (text, cuts) => {
      fc.pre(!text.startsWith('\ufeff'));
      const little = Buffer.from(`\ufeff${text}`, 'utf16le');
      expect(decode(little, 'little-endian', cuts)).toEqual({ text: text.toWellFormed(), broken: false });
      expect(decode(Buffer.from(little).swap16(), 'big-endian', cuts).text).toBe(text.toWellFormed());
    }),
  );
});

test('an odd last byte and half a pair at the end are told', () => {
  expect(decode(Buffer.from('410042', 'hex'), 'little-endian', [])).toEqual({ text: 'A\ufffd', broken: true });
  expect(decode(Buffer.from('41003dd8', 'hex'), 'little-endian', [3])).toEqual({ text: 'A\ufffd', broken: true });
});

test('half a pair in the middle is replaced, and the text after it is not touched', () => {
  expect(decode(Buffer.from('d83d0042', 'hex'), 'big-endian', [])).toEqual({ text: '\ufffdB', broken: false });
  expect(decode(Buffer.from('dc000042', 'hex'), 'big-endian', [])).toEqual({ text: '\ufffdB', broken: false });
});

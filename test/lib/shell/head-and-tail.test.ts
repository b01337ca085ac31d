import { array, assert, nat, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { capturedText, createHeadAndTail } from '../../../src/lib/shell/head-and-tail.ts';
import type { Captured } from '../../../src/lib/shell/head-and-tail.ts';

function capture(chunks: readonly (string | Uint8Array)[], headBytes: number, tailBytes: number): Captured {
  const kept = createHeadAndTail({ headBytes, tailBytes });
  for (const chunk of chunks) kept.write(Buffer.from(chunk));
  kept.end();
  return kept.captured();
}

test('a stream that fits is kept whole', () => {
  const captured = capture(['abc', 'def'], 4, 4);
  expect(captured).toMatchObject({ totalBytes: 6, omittedBytes: 0, complete: true });
  expect(capturedText(captured)).toBe('abcdef');
});

test('nothing at all is an empty text', () => {
  expect(capturedText(capture([], 4, 4))).toBe('');
});

test('of a longer stream the middle is left out and counted', () => {
  const captured = capture(['0123456', '789abcdef'], 3, 4);
  expect(captured.head.toString()).toBe('012');
  expect(captured.tail.toString()).toBe('cdef');
  expect(captured).toMatchObject({ totalBytes: 16, omittedBytes: 9 });
  expect(capturedText(captured)).toBe('012\n[... 9 bytes left out ...]\ncdef');
});

test('characters that the gap would cut belong to the gap', () => {
  const captured = capture(['a€b', '------', 'c€d'], 3, 3);
  expect(captured.head.toString()).toBe('a');
  expect(captured.tail.toString()).toBe('d');
  expect(captured).toMatchObject({ totalBytes: 16, omittedBytes: 14 });
});

test('a character that head and tail share is whole in the text', () => {
  expect(capturedText(capture(['a€b'], 2, 3))).toBe('a€b');
});

test('bytes that are not UTF-8 are kept', () => {
  const captured = capture([new Uint8Array(20).fill(0x80)], 4, 4);
  expect([captured.head.length, captured.tail.length, captured.omittedBytes]).toEqual([4, 4, 12]);
});

test('the answer does not change when more comes', () => {
  const kept = createHeadAndTail({ headBytes: 4, tailBytes: 4 });
  kept.write(Buffer.from('abcdefgh'));
  const before = kept.captured();
  kept.write(Buffer.from('ijkl'));
  expect(capturedText(before)).toBe('abcdefgh');
  expect(before.complete).toBe(false);
});

test('head and tail are those of the whole stream, however it was cut into chunks', () => {
  const sizes = nat({ max: 20 });
  assert(
    property(array(string({ unit: 'grapheme', maxLength: 12 })), sizes, sizes, (chunks, headBytes, tailBytes) => {
      const whole = Buffer.from(chunks.join(''));
      const { head, tail, totalBytes, omittedBytes } = capture(chunks, headBytes, tailBytes);
      expect(totalBytes).toBe(whole.length);
      expect(head.length + omittedBytes + tail.length).toBe(whole.length);
      expect(whole.subarray(0, head.length).equals(head)).toBe(true);
      expect(whole.subarray(whole.length - tail.length).equals(tail)).toBe(true);
      const fits = whole.length <= headBytes + tailBytes;
      expect(omittedBytes === 0).toBe(fits);
      if (fits) return;
      // Valid text stays valid, and no more than one broken character is given up on each side.
      for (const part of [head, tail]) expect(Buffer.from(part.toString()).equals(part)).toBe(true);
      expect(head.length).toBeGreaterThan(headBytes - 4);
      expect(tail.length).toBeGreaterThan(tailBytes - 4);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSize, parseSize } from '../../../src/lib/quantity/size.ts';

test.each([
  ['0', 0],
  ['512', 512],
  ['512B', 512],
  ['512b', 512],
  ['1.4', 1],
  ['1k', 1024],
  ['1K', 1024],
  ['1KiB', 1024],
  ['1kib', 1024],
  ['1KB', 1000],
  ['1.5GB', 1_500_000_000],
  ['1.5G', 1_610_612_736],
  ['10MiB', 10_485_760],
  ['2T', 2 * 1024 ** 4],
  ['1PB', 1e15],
])('%s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each([
  '',
  'B',
  'M',
  '-1',
  '+1',
  '1 M',
  ' 1',
  '1\n',
  '1iB',
  '1i',
  '1Mi',
  '1MBB',
  '1E',
  '1X',
  '.5M',
  '1.',
  '1,5M',
  '1e3',
  '0x10',
  '٥',
  'NaN',
  '9'.repeat(400),
  `${'9'.repeat(300)}P`,
])('%j is no size, and the way to write one is told', (text) => {
  expect(() => parseSize(text)).toThrow(
    expect.objectContaining({
      message: `'${text}' is not a size`,
      code: 'usage',
      hints: [expect.stringContaining('10MiB')],
    }),
  );
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '0.98 KiB'],
  [1024, '1.00 KiB'],
  [10_234, '9.99 KiB'],
  [10_235, '10.0 KiB'],
  [102_348, '99.9 KiB'],
  [102_349, '100 KiB'],
  [1_524_713_390, '1.42 GiB'],
  [976_224_256, '931 MiB'],
  [1024 ** 6 * 5, '5.00 EiB'],
  [-2048, '-2.00 KiB'],
])('%d bytes are shown as %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});

test('never more than three digits, and never further off than the last of them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
      const text = formatSize(bytes);
      expect(text).toMatch(/^(\d{1,3}|\d\.\d\d|\d\d\.\d) (B|[KMGTPE]iB)$/);
      expect(Math.abs(parseSize(text.replace(' ', '')) - bytes)).toBeLessThanOrEqual(1 + bytes * 0.0052);
    }),
  );
});

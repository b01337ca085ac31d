import { expect, test } from 'vitest';
import { needsMoreBytes, sniffSource } from '../../../../src/lib/logs/source/source-kind.ts';

test.each([
  ['empty', ''],
  ['plain', '323032362d31312d3230'],
  ['gzip', '1f8b0808'],
  ['gzip', '1f8b'],
  ['plain', '1f8b07'],
  ['zstd', '28b52ffd2400'],
  ['zstd', '5a2a4d1804000000'],
  ['plain', '28b52f'],
  ['xz', 'fd377a585a0000'],
  ['bzip2', '425a6839314159265359'],
  ['bzip2', '425a6831177245385090'],
  ['bzip2', '425a6839'],
  ['plain', '425a6830314159265359'],
  ['plain', '425a683920697320'],
  ['utf-8-bom', 'efbbbf41'],
  ['utf-16le', 'fffe4100'],
  ['utf-16be', 'feff0041'],
  ['plain', 'fffe000041000000'],
])('a source is %s when its first bytes are %s', (kind, hex) => {
  expect(sniffSource(Buffer.from(hex, 'hex'))).toBe(kind);
});

test('no kind is changed by bytes after those that it is told by', () => {
  const heads = ['1f8b08', '28b52ffd', '5a2a4d18', 'fd377a585a00', '425a6839314159265359', 'efbbbf', 'feff'];
  const changed = heads.flatMap((hex) => {
    const whole = Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(20, 1)]);
    const parts = Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length));
    return parts.filter((head) => !needsMoreBytes(head) && sniffSource(head) !== sniffSource(whole));
  });
  expect(changed).toEqual([]);
});

test('a short line of text is not kept waiting', () => {
  expect(needsMoreBytes(Buffer.from('up\n'))).toBe(false);
  expect(needsMoreBytes(Buffer.from('PASS\n'))).toBe(false);
  expect(needsMoreBytes(Buffer.from('P'))).toBe(true);
});

import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../../../src/lib/logs/cursor/sha256.ts';

test('the digest of any bytes is that of node:crypto', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(sha256(bytes)).toBe(hash('sha256', bytes, 'hex'));
    }),
  );
});

test('every length around the bounds of a block is padded as it should be', () => {
  for (let length = 0; length <= 1300; length++) {
    const bytes = Buffer.alloc(length, length);
    expect(sha256(bytes)).toBe(hash('sha256', bytes, 'hex'));
  }
});

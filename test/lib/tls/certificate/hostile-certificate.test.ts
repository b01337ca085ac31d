import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  certificateBytes,
  commonName,
  element,
  extension,
  nameSet,
  objectIdentifier,
  sequence,
  utf8,
} from './certificate-bytes.ts';
import { complaint, richCertificate } from './complaint.ts';

test('nesting costs nothing, however deep', () => {
  let nested = utf8('x');
  for (let depth = 0; depth < 12_000; depth++) nested = element(0x30, nested);
  expect(complaint(nested)).toMatch(/^the signature algorithm is missing, at byte \d+$/);
  expect(complaint(certificateBytes({ subject: sequence(nameSet([commonName, nested])) }))).toBeUndefined();
  const inAlternativeName = extension('2.5.29.17', sequence(element(0xa4, nested)));
  expect(complaint(certificateBytes({ extensions: [inAlternativeName] }))).toBeUndefined();
});

describe('a certificate as large as a megabyte takes time in proportion', () => {
  const attribute = nameSet([commonName, utf8(',')]);
  const wideIdentifier = sequence(element(6, '\x88'.repeat(127), '\x01'), utf8('x'));
  test.each([
    ['of small parts of a name', { subject: sequence(times(80_000, attribute)) }],
    [
      'of one part of a name with many values',
      { subject: sequence(element(0x31, times(80_000, sequence(objectIdentifier(commonName), utf8(','))))) },
    ],
    ['of object identifiers as long as may be', { subject: sequence(element(0x31, times(7500, wideIdentifier))) }],
    ['of one value to escape', { subject: sequence(nameSet([commonName, utf8('\u0001'.repeat(1_000_000))])) }],
    ['of spaces', { subject: sequence(nameSet([commonName, utf8(`${' '.repeat(1_000_000)}x`)])) }],
    [
      'of one object identifier',
      { subject: sequence(element(0x31, sequence(element(6, '\x88'.repeat(300_000), '\x01'), utf8('x')))) },
    ],
    [
      'of addresses',
      { extensions: [extension('2.5.29.17', sequence(times(55_000, element(0x87, Buffer.alloc(16, 1)))))] },
    ],
    ['of purposes', { extensions: [extension('2.5.29.37', sequence(times(250_000, objectIdentifier('1.2.3'))))] }],
    ['of extensions', { extensions: [times(100_000, extension('1.2.3', ''))] }],
    ['of a time', { notAfter: element(0x18, `20250101000000.${'0'.repeat(1_000_000)}Z`) }],
    [
      'of a modulus',
      {
        key: sequence(
          sequence(objectIdentifier('1.2.840.113549.1.1.1')),
          element(3, '\0', sequence(element(2, Buffer.alloc(1_000_000, 1)))),
        ),
      },
    ],
  ])('%s', (_, parts) => {
    const der = certificateBytes(parts);
    const start = performance.now();
    complaint(der);
    // A machine may be busy; quadratic time would be far more.
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

function times(count: number, item: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => item));
}

describe('whatever the bytes are, nothing but MalformedCertificate is thrown', () => {
  test('when any one bit is flipped', () => {
    expect(complaint(richCertificate)).toBeUndefined();
    let malformed = 0;
    for (let bit = 0; bit < richCertificate.length * 8; bit++) {
      const flipped = Buffer.from(richCertificate);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      if (complaint(flipped) !== undefined) malformed++;
    }
    expect(malformed).toBeGreaterThan(richCertificate.length);
  });

  const position = fc.nat({ max: richCertificate.length - 1 });
  const change = fc.oneof(
    fc.record({ at: position, remove: fc.constant(1), insert: fc.uint8Array({ minLength: 1, maxLength: 1 }) }),
    fc.record({ at: position, remove: fc.nat({ max: 30 }), insert: fc.uint8Array({ maxLength: 8 }) }),
    fc.record({
      at: position,
      remove: fc.nat({ max: 60 }),
      insert: fc
        .tuple(position, fc.nat({ max: 60 }))
        .map(([from, length]) => richCertificate.subarray(from, from + length)),
    }),
  );

  test('when bytes are changed, left out and put elsewhere', () => {
    const start = performance.now();
    let read = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = changes.reduce(applyChange, richCertificate);
        complaint(bytes);
        // The outer lengths made right again, so that more than the first check is reached.
        if (complaint(withRightLength(bytes)) === undefined) read++;
      }),
      { seed: 3, numRuns: 5000 },
    );
    expect(read).toBeGreaterThan(50);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('when they are at random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(complaint(sequence(Buffer.from(bytes)))).toBeDefined();
      }),
      { seed: 3, numRuns: 2000 },
    );
  });
});

interface Change {
  at: number;
  remove: number;
  insert: Uint8Array;
}

function applyChange(bytes: Buffer, { at, remove, insert }: Change): Buffer {
  return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
}

function withRightLength(bytes: Buffer): Buffer {
  return sequence(bytes.subarray(4));
}

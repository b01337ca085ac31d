import { expect, test } from 'vitest';
import { certificateBytes, element, integer, objectIdentifier, sequence, utf8 } from './certificate-bytes.ts';
import { complaint, richCertificate } from './complaint.ts';

function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex');
}

test.each([
  ['no bytes', Buffer.alloc(0), 'no certificate: there is not a single byte'],
  ['PEM', Buffer.from('-----BEGIN'), 'no certificate in DER form, which begins with byte 0x30, not 0x2d'],
  ['one byte', hex('30'), 'the certificate is cut short, at byte 0'],
  ['an indefinite length', hex('30 80 30 80 00 00 00 00'), 'the certificate has an indefinite length, at byte 0'],
  ['a length of 2^40', hex('30 86 01 00 00 00 00 00'), 'the certificate claims to be longer than 4 GiB, at byte 0'],
  [
    'a length of 127 bytes',
    hex(`30 ff ${'ff'.repeat(127)}`),
    'the certificate claims to be longer than 4 GiB, at byte 0',
  ],
  [
    'a length of 2^32 - 1',
    hex('30 84 ff ff ff ff'),
    'the certificate is cut short: it announces 4294967295 bytes and only 0 can be there, at byte 0',
  ],
  ['half a length', hex('30 84 ff'), 'the certificate is cut short, at byte 0'],
  [
    'a long form for a short length',
    hex('30 81 01 00'),
    'the certificate has a length that is not in its shortest form, at byte 0',
  ],
  [
    'a length with leading zeros',
    hex(`30 82 00 80 ${'00'.repeat(128)}`),
    'the certificate has a length that is not in its shortest form, at byte 0',
  ],
  ['an empty sequence', hex('30 00'), 'the signed part is missing, at byte 2'],
  [
    'another sequence',
    sequence(integer(0), integer(1)),
    'the signed part is not of the type that it must have: 0x02 at byte 2',
  ],
  [
    'a tag of several bytes',
    hex('30 04 3f 81 01 00'),
    'the signed part is not of the type that it must have: 0x3f at byte 2',
  ],
])('%s: a message that tells it', (_, der, message) => {
  expect(complaint(der)).toBe(message);
});

test('bytes after the certificate are said, and how many', () => {
  expect(complaint(Buffer.concat([richCertificate, hex('00')]))).toBe('1 byte after the end of the certificate');
  expect(complaint(Buffer.concat([richCertificate, richCertificate]))).toBe(
    `${richCertificate.length} bytes after the end of the certificate`,
  );
});

test('a certificate that is cut off anywhere is cut short', () => {
  for (let length = 4; length < richCertificate.length; length++) {
    const announced = `it announces ${richCertificate.length - 4} bytes and only ${length - 4} can be there`;
    expect(complaint(richCertificate.subarray(0, length))).toBe(
      `the certificate is cut short: ${announced}, at byte 0`,
    );
  }
});

test.each([
  ['a serial without digits', { serial: integer() }, 'the serial number is a number without digits, at byte '],
  [
    'a serial with needless zeros',
    { serial: integer(0, 1) },
    'the serial number is a number with needless leading zeros',
  ],
  ['no serial', { serial: utf8('1') }, 'the serial number is not of the type that it must have: 0x0c at byte '],
  ['a negative version', { version: element(0xa0, integer(0xff)) }, 'the version is a negative number, at byte '],
  ['two versions', { version: element(0xa0, integer(2), integer(2)) }, 'the version has 3 bytes too many, at byte '],
  ['an issuer that is no name', { issuer: utf8('CN=a') }, 'the issuer is not of the type that it must have: 0x0c'],
  [
    'an algorithm with more than its parameters',
    { algorithm: sequence(objectIdentifier('1.2.840.10045.4.3.2'), element(5), element(5)) },
    'the signature algorithm has 2 bytes too many, at byte ',
  ],
  [
    'a third date',
    { notAfter: Buffer.concat([element(0x17, '260101000000Z'), element(0x17, '270101000000Z')]) },
    'the validity has 15 bytes too many, at byte ',
  ],
  [
    'extensions twice',
    { optional: [element(0xa3, sequence()), element(0xa3, sequence())] },
    'what follows the public key is not',
  ],
  [
    'something after the list of extensions',
    { optional: [element(0xa3, sequence(), integer(1))] },
    'the list of extensions has 3 bytes too many, at byte ',
  ],
  [
    'a part that there is not',
    { optional: [element(0xa4, sequence())] },
    'what follows the public key is not of the type',
  ],
  ['a signature of no byte', { signature: element(3) }, 'the signature is not a string of whole bytes, at byte '],
  [
    'something after the signature',
    { signature: Buffer.concat([element(3, '\0'), integer(1)]) },
    'the certificate has 3 bytes too many',
  ],
])('%s: a message that tells it', (_, parts, message) => {
  expect(complaint(certificateBytes(parts))).toContain(message);
});

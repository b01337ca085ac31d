import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedCertificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { parseCertificate } from '../../../../src/lib/tls/certificate/parse-certificate.ts';
import {
  certificateBytes,
  commonName,
  element,
  integer,
  nameSet,
  objectIdentifier,
  sequence,
  utf8,
} from './certificate-bytes.ts';
import { openssl, selfSigned, shown } from './openssl.ts';

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const organization = '2.5.4.10';

function subjectOf(...sets: readonly Buffer[]) {
  return parseCertificate(certificateBytes({ subject: sequence(...sets) })).subject;
}

/** The text of a name of one attribute. */
function textOf(value: Buffer, type = commonName): string {
  return subjectOf(nameSet([type, value])).text;
}

describe.skipIf(openssl === undefined)('a name that openssl wrote is printed as openssl prints it', () => {
  test.each([
    [
      '/C=DE/ST=Bayern/L=München/O=Müller & Söhne/CN=bücher.example',
      'CN=bücher.example,O=Müller & Söhne,L=München,ST=Bayern,C=DE',
    ],
    ['/CN=日本語 🔒', 'CN=日本語 🔒'],
    ['/O=Example, Inc./CN=a\\+b "c" <d>; \\\\ e=f', 'CN=a\\+b \\"c\\" \\<d\\>\\; \\\\ e=f,O=Example\\, Inc.'],
    ['/O=#1 in Names/CN= both sides ', 'CN=\\ both sides\\ ,O=\\#1 in Names'],
    ['/OU=one/OU=two/CN=first/CN=second', 'CN=second,CN=first,OU=two,OU=one'],
    ['/DC=com/DC=example/UID=jane+CN=Jane', 'UID=jane+CN=Jane,DC=example,DC=com'],
    [
      '/emailAddress=a@b.example/serialNumber=42/SN=Doe/GN=Jane',
      'GN=Jane,SN=Doe,serialNumber=42,emailAddress=a@b.example',
    ],
    [
      '/organizationIdentifier=VATDE-1/jurisdictionC=DE/businessCategory=x/CN=y',
      'CN=y,businessCategory=x,jurisdictionC=DE,organizationIdentifier=VATDE-1',
    ],
  ])('%s', (subject, expected) => {
    const der = selfSigned({ key, subject, args: ['-multivalue-rdn'] });
    expect(shown(der).subject).toBe(expected);
    expect(parseCertificate(der).subject.text).toBe(expected);
  });

  test.each([
    [
      'strings of all types',
      [
        element(0x12, '12 34'),
        element(0x13, 'printed'),
        element(0x14, 'M\xfcller'),
        element(0x16, 'ia5'),
        element(0x1e, '\0M\0\xfc\x20\xac'),
        element(0x1c, '\0\0\0M\0\x01\xf5\x12'),
      ],
    ],
    ['control characters', [utf8('a\nb\u0000c\u001b[31m\u007f')]],
    ['nothing but spaces', [utf8(' '), utf8('  '), utf8('   ')]],
    ['an empty value', [utf8('')]],
    ['backslash and space at the end', [utf8('a\\ ')]],
  ])('of bytes: %s', (_, values) => {
    const der = certificateBytes({ subject: sequence(...values.map((value) => nameSet([commonName, value]))) });
    expect(parseCertificate(der).subject.text).toBe(shown(der).subject);
  });

  test('an attribute without a name as its number and bytes', () => {
    const value = utf8('readable');
    const der = certificateBytes({ subject: sequence(nameSet(['1.3.6.1.4.1.99999.1', value])) });
    const text = '1.3.6.1.4.1.99999.1=#0C087265616461626C65';
    expect(shown(der).subject).toBe(text);
    expect(parseCertificate(der).subject.text).toBe(text);
  });
});

test('every value comes back from its text by the rules of RFC 4514', () => {
  const characters = [' ', '#', '+', ',', ';', '<', '>', '\\', '"', '=', 'a', 'é', '\n', '\0', '\u0085', '🔒'];
  const value = fc.string({ unit: fc.constantFrom(...characters), maxLength: 8 });
  fc.assert(
    fc.property(value, (written) => {
      const text = textOf(utf8(written)).slice('CN='.length);
      const bytes = text.replace(/\\([0-9A-F]{2}|.)|[^\\]+/gsu, (part, escaped?: string) =>
        escaped?.length === 2
          ? Buffer.from(escaped, 'hex').toString('latin1')
          : Buffer.from(escaped ?? part).toString('latin1'),
      );
      expect(Buffer.from(bytes, 'latin1').toString()).toBe(written);
      // No character that ends a value stands there unescaped.
      expect(text.replace(/\\./gs, '_')).not.toMatch(/[+,;<>"\p{Cc}]|^[ #]| $/u);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test.each([
  ['UTF-8 that is none', element(0x0c, 'a\xff'), 'CN=#0C0261FF'],
  ['half a character of UTF-16', element(0x1e, '\0a\0'), 'CN=#1E03006100'],
  ['half a surrogate pair', element(0x1e, '\xd8\x3d'), 'CN=#1E02D83D'],
  ['a code point that there is not', element(0x1c, '\0\x11\0\0'), 'CN=#1C0400110000'],
  ['a surrogate in UTF-32', element(0x1c, '\0\0\xd8\0'), 'CN=#1C040000D800'],
  ['a number', integer(5), 'CN=#020105'],
])('%s is shown as bytes and is no common name', (_, value, expected) => {
  const subject = subjectOf(nameSet([commonName, value]));
  expect(subject).toMatchObject({ text: expected, commonName: undefined });
});

test('a surrogate pair in a BMPString is one character', () => {
  expect(textOf(element(0x1e, '\xd8\x3d\xdd\x12'))).toBe('CN=🔒');
});

test('a street has the name that RFC 4514 gives it', () => {
  expect(textOf(utf8('Am Markt 1'), '2.5.4.9')).toBe('STREET=Am Markt 1');
});

test('the common name and the organization are the last ones, not escaped', () => {
  const sets = [
    nameSet([organization, utf8('A, Inc.')]),
    nameSet([commonName, utf8('a')]),
    nameSet([commonName, utf8('b+c')]),
  ];
  expect(subjectOf(...sets)).toMatchObject({ commonName: 'b+c', organization: 'A, Inc.' });
  expect(subjectOf()).toMatchObject({ text: '', commonName: undefined, organization: undefined });
});

test('equal names have equal keys, and names of other bytes with an equal text do not', () => {
  const name = nameSet([commonName, utf8('a')]);
  expect(subjectOf(name).key).toBe(subjectOf(nameSet([commonName, utf8('a')])).key);
  expect(subjectOf(name).key).not.toBe(subjectOf(nameSet([commonName, element(0x13, 'a')])).key);
});

test.each([
  ['an empty part', element(0x31), 'a part of a name is empty, at byte '],
  [
    'an attribute without a value',
    element(0x31, sequence(objectIdentifier(commonName))),
    'the value of an attribute is missing, at byte ',
  ],
  [
    'an attribute with two',
    element(0x31, sequence(objectIdentifier(commonName), utf8('a'), utf8('b'))),
    'an attribute of a name has 3 bytes too many, at byte ',
  ],
  [
    'an attribute type that is none',
    element(0x31, sequence(utf8('CN'), utf8('a'))),
    'the type of an attribute is not of the type that it must have: 0x0c at byte ',
  ],
  [
    'an object identifier that never ends',
    element(0x31, sequence(element(6, '\x88\x88'), utf8('a'))),
    'an object identifier is not well formed, at byte ',
  ],
])('%s is malformed', (_, set, message) => {
  expect(() => subjectOf(set)).toThrow(MalformedCertificate);
  expect(() => subjectOf(set)).toThrow(message);
});

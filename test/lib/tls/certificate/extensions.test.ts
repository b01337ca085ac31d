import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { MalformedCertificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { parseCertificate } from '../../../../src/lib/tls/certificate/parse-certificate.ts';
import { certificateBytes, element, extension, integer, objectIdentifier, sequence } from './certificate-bytes.ts';

const subjectKeyIdentifier = '2.5.29.14';
const subjectAltName = '2.5.29.17';
const basicConstraints = '2.5.29.19';
const authorityKeyIdentifier = '2.5.29.35';
const extendedKeyUsage = '2.5.29.37';

function withExtensions(...extensions: readonly Buffer[]) {
  return parseCertificate(certificateBytes({ extensions }));
}

function withExtension(type: string, value: Buffer | string) {
  return withExtensions(extension(type, value));
}

describe('subject alternative names', () => {
  test('none in the list are no names, which is not the same as no list', () => {
    const none = { dns: [], ip: [], email: [], uri: [] };
    expect(withExtension(subjectAltName, sequence()).alternativeNames).toEqual(none);
  });

  test('are not cut off at a zero byte and keep bytes that do not belong there', () => {
    const names = sequence(element(0x82, 'good.example\0.evil.example'), element(0x82, 'b\xfccher.example'));
    expect(withExtension(subjectAltName, names).alternativeNames).toMatchObject({
      dns: ['good.example\0.evil.example', 'bücher.example'],
    });
  });

  test('of kinds that nobody asks for are passed over', () => {
    const kinds = [0xa0, 0xa3, 0xa4, 0xa5, 0x88].map((tag) => element(tag, '\x30\x84'));
    const names = sequence(...kinds, element(0x82, 'a.example'));
    expect(withExtension(subjectAltName, names).alternativeNames).toMatchObject({ dns: ['a.example'] });
  });

  test('of 5,000 names are all there, in a few milliseconds', () => {
    const dns = Array.from({ length: 5000 }, (_, index) => `host-${index}.example.com`);
    const der = certificateBytes({
      extensions: [extension(subjectAltName, sequence(...dns.map((name) => element(0x82, name))))],
    });
    expect(der.length).toBeGreaterThan(100_000);
    const start = performance.now();
    const { alternativeNames } = parseCertificate(der);
    // A machine may be busy; what takes quadratic time is far beyond it.
    expect(performance.now() - start).toBeLessThan(200);
    expect(alternativeNames?.dns).toEqual(dns);
    expect(new X509Certificate(der).subjectAltName).toBe(dns.map((name) => `DNS:${name}`).join(', '));
  });

  test.each([
    ['no list', integer(1), 'is not of the type that it must have: 0x02'],
    ['a name of a kind that there is not', sequence(element(0x89, 'x')), 'is not of the type that it must have: 0x89'],
    ['an address of 5 bytes', sequence(element(0x87, '12345')), 'has an IP address of 5 bytes'],
    ['an address and its mask', sequence(element(0x87, '12345678')), 'has an IP address of 8 bytes'],
    ['a name that ends behind the list', sequence('\x82\x05abc'), 'is cut short: it announces 5 bytes and only 3'],
    ['something behind the list', Buffer.concat([sequence(), integer(1)]), 'has 3 bytes too many'],
    ['nothing', '', 'is missing'],
  ])('that are broken are malformed: %s', (_, value, message) => {
    expect(() => withExtension(subjectAltName, value)).toThrow(MalformedCertificate);
    expect(() => withExtension(subjectAltName, value)).toThrow(`the subject alternative name extension ${message}`);
  });
});

describe('basic constraints', () => {
  test.each([
    [sequence(), false],
    [sequence(element(1, '\0')), false],
    [sequence(element(1, '\xff')), true],
    [sequence(element(1, '\x01')), true],
    [sequence(element(1, '\xff'), integer(0)), true],
  ])('%j: authority %s, as node:crypto has it', (value, expected) => {
    const der = certificateBytes({ extensions: [extension(basicConstraints, value)] });
    expect(parseCertificate(der).isAuthority).toBe(expected);
    expect(new X509Certificate(der).ca).toBe(expected);
  });

  test.each([
    [sequence(element(1, '\xff')), undefined],
    [sequence(element(1, '\xff'), integer(0)), 0],
    [sequence(element(1, '\xff'), integer(3)), 3],
    [sequence(element(1, '\xff'), integer(0, 0x80)), 128],
    [sequence(element(1, '\xff'), integer(0, 0xff, 0xff, 0xff, 0xff)), 4_294_967_295],
    [sequence(element(1, '\xff'), integer(1, 0, 0, 0, 0)), undefined],
    [sequence(integer(2)), 2],
  ])('%j: at most so many authorities below, %s', (value, expected) => {
    expect(withExtension(basicConstraints, value).pathLength).toBe(expected);
  });

  test.each([
    ['a flag of no byte', sequence(element(1)), 'the basic constraints extension says neither yes nor no'],
    ['a flag of two bytes', sequence(element(1, '\0\xff')), 'the basic constraints extension says neither yes nor no'],
    [
      'a negative length of path',
      sequence(element(1, '\xff'), integer(0xff)),
      'the longest path of the basic constraints is a negative number',
    ],
    [
      'a length of path without digits',
      sequence(element(1, '\xff'), integer()),
      'the longest path of the basic constraints is a number without digits',
    ],
    [
      'something after it',
      sequence(element(1, '\xff'), integer(1), integer(1)),
      'the basic constraints extension has 3 bytes too many',
    ],
    ['no sequence', element(1, '\xff'), 'the basic constraints extension is not of the type that it must have: 0x01'],
  ])('that are broken are malformed: %s', (_, value, message) => {
    expect(() => withExtension(basicConstraints, value)).toThrow(MalformedCertificate);
    expect(() => withExtension(basicConstraints, value)).toThrow(message);
  });
});

describe('extended key usage', () => {
  test.each([
    [
      ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
      ['serverAuth', 'clientAuth'],
    ],
    [['1.3.6.1.5.5.7.3.9'], ['OCSPSigning']],
    [['1.2.3'], ['1.2.3']],
    [[], []],
    [['1.3.6.1.5.5.7.3.2', '2.5.29.37.0'], undefined],
  ])('%j is %j', (purposes, expected) => {
    const value = sequence(...purposes.map((purpose) => objectIdentifier(purpose)));
    expect(withExtension(extendedKeyUsage, value).extendedKeyUsage).toEqual(expected);
  });

  test('that is broken is malformed', () => {
    expect(() => withExtension(extendedKeyUsage, sequence(integer(1)))).toThrow(
      'the extended key usage extension is not of the type that it must have',
    );
  });
});

describe('key identifiers', () => {
  test('are hexadecimal digits', () => {
    const certificate = withExtensions(
      extension(subjectKeyIdentifier, element(4, '\x01\xab')),
      extension(authorityKeyIdentifier, sequence(element(0x80, '\xcd\x02'), element(0x82, '\x01'))),
    );
    expect(certificate).toMatchObject({ subjectKeyId: '01ab', authorityKeyId: 'cd02' });
  });

  test.each(['', '\x01\xab', '\x04\x05a', sequence(), sequence(element(0x82, '\x01')), sequence('\x80\x05')])(
    'that are broken or not there cost nothing but themselves: %j',
    (value) => {
      const certificate = withExtensions(
        extension(subjectKeyIdentifier, value),
        extension(authorityKeyIdentifier, value),
      );
      expect(certificate).toMatchObject({ subjectKeyId: undefined, authorityKeyId: undefined, serial: '01' });
    },
  );
});

test.each([subjectAltName, basicConstraints, extendedKeyUsage, subjectKeyIdentifier])(
  'an extension that is there twice is malformed: %s',
  (type) => {
    const twice = [extension(type, sequence()), extension(type, sequence())];
    expect(() => withExtensions(...twice)).toThrow(`the extension ${type} is there twice, at byte `);
  },
);

test.each([
  ['without a value', sequence(objectIdentifier('1.2.3')), 'the value of an extension is missing'],
  ['with two', sequence(objectIdentifier('1.2.3'), element(4), element(4)), 'an extension has 2 bytes too many'],
  ['without a type', sequence(element(4)), 'the type of an extension is not of the type that it must have'],
])('an extension %s is malformed, whatever it is', (_, broken, message) => {
  expect(() => withExtensions(broken)).toThrow(MalformedCertificate);
  expect(() => withExtensions(broken)).toThrow(message);
});

test('a critical extension is read like any other', () => {
  const critical = sequence(
    objectIdentifier(basicConstraints),
    element(1, '\xff'),
    element(4, sequence(element(1, '\xff'))),
  );
  expect(withExtensions(critical).isAuthority).toBe(true);
});

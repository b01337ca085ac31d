import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MalformedCertificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { parseCertificate } from '../../../../src/lib/tls/certificate/parse-certificate.ts';
import { bitString, certificateBytes, element, integer, objectIdentifier, sequence } from './certificate-bytes.ts';
import { inFolder, openssl, run } from './openssl.ts';

const rsa = '1.2.840.113549.1.1.1';
const rsaPss = '1.2.840.113549.1.1.10';
const ec = '1.2.840.10045.2.1';
const sha1 = '1.3.14.3.2.26';

function keyOf(key: Buffer) {
  return parseCertificate(certificateBytes({ key })).key;
}

function signatureOf(...algorithm: readonly Buffer[]): string {
  return parseCertificate(certificateBytes({ algorithm: sequence(...algorithm) })).signatureAlgorithm;
}

function rsaKey(modulus: Buffer): Buffer {
  return sequence(sequence(objectIdentifier(rsa), element(5)), bitString(sequence(modulus, integer(3))));
}

function ecKey(parameters: Buffer): Buffer {
  return sequence(sequence(objectIdentifier(ec), parameters), bitString('\x04'));
}

describe('public keys', () => {
  test.each(['ed25519', 'ed448', 'x25519', 'x448'] as const)('%s has neither bits nor a curve', (algorithm) => {
    const { publicKey } = generateKeyPairSync(algorithm as 'ed25519');
    const key = publicKey.export({ type: 'spki', format: 'der' });
    expect(keyOf(key)).toEqual({ algorithm, bits: undefined, curve: undefined });
  });

  // Node 22 knows none of them yet.
  test.each(postQuantumKeys())('%s has the name that node:crypto gives it', (algorithm, key) => {
    expect(keyOf(key)).toEqual({ algorithm, bits: undefined, curve: undefined });
  });

  test.each([
    [integer(0), 0],
    [integer(1), 1],
    [integer(0x7f), 7],
    [integer(0, 0x80), 8],
    [integer(1, 0), 9],
    [element(2, '\0', Buffer.alloc(256, 0xff)), 2048],
    [element(2, '\x01', Buffer.alloc(127)), 1017],
  ])('the bits of a modulus are counted from its first one, %#', (modulus, bits) => {
    expect(keyOf(rsaKey(modulus))).toEqual({ algorithm: 'rsa', bits, curve: undefined });
  });

  test('a curve without a name is told by its number, and a key without parameters has nothing', () => {
    expect(keyOf(ecKey(objectIdentifier('1.2.3.4')))).toEqual({ algorithm: 'ec', bits: undefined, curve: '1.2.3.4' });
    expect(keyOf(ecKey(element(5)))).toEqual({ algorithm: 'ec', bits: undefined, curve: undefined });
  });

  test.each([
    '0.0',
    '1.39.127.128',
    '2.40',
    '2.999.1234567890123456789012345',
    '2.99999999999999999999',
    '1.2.72057594037927935',
    '2.25.340282366920938463463374607431768211455',
  ])('an algorithm that nobody knows is told by its number, %s', (dotted) => {
    expect(keyOf(sequence(sequence(objectIdentifier(dotted)), bitString('x'))).algorithm).toBe(dotted);
  });

  test.each([
    ['a negative modulus', rsaKey(integer(0xff)), 'the modulus of the public key is a negative number'],
    ['a modulus without digits', rsaKey(integer()), 'the modulus of the public key is a number without digits'],
    ['a modulus with needless zeros', rsaKey(integer(0, 1)), 'the modulus of the public key is a number with needless'],
    [
      'an RSA key that is none',
      sequence(sequence(objectIdentifier(rsa)), bitString('\x02\x01x')),
      'the public key is not of',
    ],
    [
      'an identifier padded with zeros',
      sequence(sequence(element(6, '\x2a\x80\x01')), bitString('x')),
      'an object identifier',
    ],
    ['an identifier of no byte', sequence(sequence(element(6)), bitString('x')), 'an object identifier is not well'],
    [
      'something after the key',
      sequence(sequence(objectIdentifier(rsa)), bitString('x'), integer(1)),
      'the public key has 3',
    ],
    [
      'half a byte',
      sequence(sequence(objectIdentifier(rsa)), element(3, '\x04x')),
      'the public key is not a string of',
    ],
    ['no byte', sequence(sequence(objectIdentifier(rsa)), element(3)), 'the public key is not a string of whole bytes'],
    [
      'an algorithm of 200 bytes',
      sequence(sequence(element(6, '\x88'.repeat(199), '\x01')), bitString('x')),
      'an object',
    ],
  ])('%s is malformed', (_, key, message) => {
    expect(() => keyOf(key)).toThrow(MalformedCertificate);
    expect(() => keyOf(key)).toThrow(message);
  });
});

function postQuantumKeys(): [algorithm: string, key: Buffer][] {
  return ['ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87', 'slh-dsa-sha2-128s', 'slh-dsa-shake-256f'].flatMap((algorithm) => {
    try {
      const { publicKey } = generateKeyPairSync(algorithm as 'ed25519');
      return [[algorithm, publicKey.export({ type: 'spki', format: 'der' })]];
    } catch {
      return [];
    }
  });
}

describe('signature algorithms', () => {
  const known = [
    ...[2, 3, 4, 5, 11, 12, 13, 14, 15, 16].map((last) => `1.2.840.113549.1.1.${last}`),
    ...[3, 13, 27, 29].map((last) => `1.3.14.3.2.${last}`),
    '1.3.36.3.3.1.2',
    '1.2.840.10040.4.3',
    '1.2.840.10045.4.1',
    '1.3.101.112',
    '1.3.101.113',
    ...[1, 2, 3, 4].map((last) => `1.2.840.10045.4.3.${last}`),
    ...Array.from({ length: 16 }, (_, index) => `2.16.840.1.101.3.4.3.${index + 1}`),
  ];

  test.skipIf(openssl === undefined)('have the names that openssl prints', () => {
    const certificates = known.map((dotted) => certificateBytes({ algorithm: sequence(objectIdentifier(dotted)) }));
    const pem = certificates.map((der) => new X509Certificate(der).toString()).join('');
    const printed = inFolder((folder) => {
      const file = join(folder, 'certificates.pem');
      writeFileSync(file, pem);
      // Of all programs of OpenSSL this one alone prints many certificates at once.
      return run(['storeutl', '-noout', '-text', '-certs', file]).toString();
    });
    const names = [...printed.matchAll(/^ {8}Signature Algorithm: (.*)/gm)].map(([, name]) => name);
    expect(certificates.map((der) => parseCertificate(der).signatureAlgorithm)).toEqual(names);
  });

  test('of the years to come have names too', () => {
    const names = Array.from({ length: 15 }, (_, index) =>
      signatureOf(objectIdentifier(`2.16.840.1.101.3.4.3.${17 + index}`)),
    );
    expect(names.slice(0, 4)).toEqual(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', 'SLH-DSA-SHA2-128s']);
    expect(names.at(-1)).toBe('SLH-DSA-SHAKE-256f');
    expect(new Set(names).size).toBe(15);
  });

  test.each([
    ['no parameters', [], 'sha1'],
    ['empty parameters', [sequence()], 'sha1'],
    ['a salt alone', [sequence(element(0xa2, integer(20)))], 'sha1'],
    ['SHA-1 said', [sequence(element(0xa0, sequence(objectIdentifier(sha1))))], 'sha1'],
    ['MD5', [sequence(element(0xa0, sequence(objectIdentifier('1.2.840.113549.2.5'))))], 'md5'],
    ['SHA3-256', [sequence(element(0xa0, sequence(objectIdentifier('2.16.840.1.101.3.4.2.8'))))], 'sha3-256'],
    ['a hash that nobody knows', [sequence(element(0xa0, sequence(objectIdentifier('1.2.3'))))], '1.2.3'],
  ])('RSA-PSS with %s', (_, parameters, hash) => {
    expect(signatureOf(objectIdentifier(rsaPss), ...parameters)).toBe(`rsassaPss-${hash}`);
  });

  test('RSA-PSS with parameters that are none is malformed', () => {
    expect(() => signatureOf(objectIdentifier(rsaPss), integer(1))).toThrow(
      'the parameter list of the signature algorithm is not of the type',
    );
  });

  test('one that nobody knows is told by its number', () => {
    expect(signatureOf(objectIdentifier('1.2.3.4'))).toBe('1.2.3.4');
  });

  test('the one outside of what is signed counts, for that is what a client verifies with', () => {
    const outerAlgorithm = sequence(objectIdentifier('1.2.840.10045.4.1'));
    expect(parseCertificate(certificateBytes({ outerAlgorithm })).signatureAlgorithm).toBe('ecdsa-with-SHA1');
  });
});

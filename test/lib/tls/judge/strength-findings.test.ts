import { expect, test } from 'vitest';
import type { PublicKey } from '../../../../src/lib/tls/certificate/certificate.ts';
import { strengthFindings } from '../../../../src/lib/tls/judge/strength-findings.ts';
import { make, makeKey } from '../trust/made-certificate.ts';
import { brief } from './judging.ts';

const certificate = make({ subject: 'one.test', key: makeKey() });

function found(change: { key?: Partial<PublicKey>; signatureAlgorithm?: string }, isRoot = false): string[] {
  const { key, ...rest } = change;
  const changed = { ...certificate, ...rest, key: { ...certificate.key, curve: undefined, ...key } };
  return strengthFindings(changed, 'the certificate', 0, isRoot).map(brief);
}

test.each([
  ['rsa', 1024, true],
  ['rsa', 2047, true],
  ['rsa', 2048, false],
  ['rsa-pss', 1024, true],
  ['rsa-pss', 3072, false],
  ['dsa', 1024, true],
  ['dsa', 2048, false],
  ['ec', 192, true],
  ['ec', 223, true],
  ['ec', 224, false],
  ['ec', 256, false],
  ['ed25519', undefined, false],
  ['1.2.3.4', undefined, false],
  ['1.2.3.4', 8, false],
] as const)('a key of type %s with %s bits is weak: %s', (algorithm, bits, isWeak) => {
  expect(found({ key: { algorithm, bits } })).toEqual(isWeak ? ['weak-key warning 0'] : []);
});

// As src/lib/tls/certificate/signature-algorithm.ts writes them.
test.each([
  'md2WithRSAEncryption',
  'md4WithRSAEncryption',
  'md5WithRSAEncryption',
  'sha1WithRSAEncryption',
  'md5WithRSA',
  'dsaWithSHA',
  'dsaWithSHA1-old',
  'sha1WithRSA',
  'dsaWithSHA1',
  'ecdsa-with-SHA1',
  'rsassaPss-sha1',
  'rsassaPss-md5',
])('a signature with %s is weak, but for a root, whose own proves nothing', (signatureAlgorithm) => {
  expect(found({ signatureAlgorithm })).toEqual(['weak-signature warning 0']);
  expect(found({ signatureAlgorithm }, true)).toEqual([]);
});

test.each([
  'sha224WithRSAEncryption',
  'sha256WithRSAEncryption',
  'sha512-224WithRSAEncryption',
  'sha512-256WithRSAEncryption',
  'ecdsa-with-SHA256',
  'ecdsa-with-SHA512',
  'dsa_with_SHA256',
  'dsa_with_SHA3-512',
  'ecdsa_with_SHA3-256',
  'RSA-SHA3-224',
  'rsassaPss-sha256',
  'rsassaPss-sha512-256',
  'rsassaPss-sha3-256',
  'ED25519',
  'ED448',
  'SM2-with-SM3',
  'ML-DSA-65',
  'SLH-DSA-SHA2-128s',
  'SLH-DSA-SHAKE-256f',
  '1.2.840.113549.1.1.99',
])('a signature with %s is not', (signatureAlgorithm) => {
  expect(found({ signatureAlgorithm })).toEqual([]);
});

test('a weak key counts in a root as well, and both are told of', () => {
  const weak = { key: { algorithm: 'rsa', bits: 1024 }, signatureAlgorithm: 'sha1WithRSAEncryption' };
  expect(found(weak)).toEqual(['weak-key warning 0', 'weak-signature warning 0']);
  expect(found(weak, true)).toEqual(['weak-key warning 0']);
});

test('the words tell how weak, and how strong it must be', () => {
  const rsa = { ...certificate, key: { algorithm: 'rsa', bits: 1024, curve: undefined } };
  expect(strengthFindings(rsa, "the issuer 'R3'", 1, false)).toEqual([
    {
      code: 'weak-key',
      severity: 'warning',
      index: 1,
      message: "the issuer 'R3' has a key of 1024 bits (RSA)",
      hint: 'have it issued anew with at least 2048 bits',
    },
  ]);
});

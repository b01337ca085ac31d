import { describe, expect, test } from 'vitest';
import type { Certificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import {
  type CountedElement,
  elementFindings,
  orderFindings,
  unusedFindings,
} from '../../../../src/lib/tls/judge/path-findings.ts';
import { day, make, makeKey, now } from '../trust/made-certificate.ts';
import { brief, judging } from './judging.ts';

const key = makeKey();
const authority = make({ subject: 'CA', key, isAuthority: true });
const leaf = make({ subject: 'leaf.test', key, issuer: { subject: 'CA', key } });

function element(certificate: Certificate, index: number, rest: Partial<CountedElement> = {}): CountedElement {
  return { certificate, index, presentedAt: index, isRoot: false, ...rest };
}

function ending(certificate: Certificate, seconds: number, lifetime = 90 * day): Certificate {
  const notAfter = now + seconds;
  return { ...certificate, notAfter, notBefore: notAfter - lifetime };
}

describe('what counts', () => {
  test('every element is judged by its own life', () => {
    // 20 days are little of a year and much of 47 days.
    const elements = [
      element(ending(leaf, 20 * day, 47 * day), 0),
      element(ending(authority, 20 * day, 398 * day), 1),
      element(ending(authority, 20 * day, 3650 * day), 2, { isRoot: true }),
    ];
    expect(elementFindings(elements, judging()).map(brief)).toEqual([
      'expires-warning warning 1',
      'expires-warning warning 2',
    ]);
  });

  test('each is called what it is', () => {
    const elements = [
      element(ending(leaf, -day), 0),
      element(ending(authority, -day), 1),
      element(ending(authority, -day), 2, { isRoot: true }),
      element(ending(leaf, -day), 3),
    ];
    const messages = elementFindings(elements, judging()).map(({ message }) => message.replace(/ expired .*/, ''));
    expect(messages).toEqual(['the certificate', "the issuer 'CA'", "the root 'CA'", "the certificate 'leaf.test'"]);
  });

  test('a root of the trust store that expires counts, and its strength is not the server’s business', () => {
    const weak = { ...ending(authority, day), key: { algorithm: 'rsa', bits: 1024, curve: undefined } };
    const root = element(weak, 2, { presentedAt: undefined, isRoot: true });
    expect(elementFindings([root], judging()).map(brief)).toEqual(['expires-critical critical 2']);
    expect(elementFindings([element(weak, 2, { isRoot: true })], judging()).map(brief)).toEqual([
      'expires-critical critical 2',
      'weak-key warning 2',
    ]);
  });

  test('with --expiry-only strength is not looked at', () => {
    const weak = { ...ending(leaf, day), signatureAlgorithm: 'sha1WithRSAEncryption' };
    expect(elementFindings([element(weak, 0)], judging({ expiryOnly: true })).map(brief)).toEqual([
      'expires-critical critical 0',
    ]);
  });
});

describe('what does not count', () => {
  test('is told of when it has expired, as a note', () => {
    const certificates = [ending(leaf, -day), ending(authority, -1), ending(authority, 0), ending(authority, -day)];
    expect(unusedFindings(certificates, new Set([0, 3]), now).map(brief)).toEqual(['expired-unused note 1']);
  });

  test('is nothing when all of it counts', () => {
    expect(unusedFindings([ending(leaf, -day)], new Set([0]), now)).toEqual([]);
  });
});

describe('the order of the chain', () => {
  const order = (...places: (number | undefined)[]) =>
    orderFindings(places.map((presentedAt) => ({ certificate: leaf, presentedAt }))).map(brief);

  test.each([[[0]], [[0, 1, 2]], [[0, 2, 3]], [[0, 1, undefined]], [[0, undefined]]])('%j is right', (places) => {
    expect(order(...places)).toEqual([]);
  });

  test.each([[[0, 2, 1]], [[0, 3, 1, undefined]], [[2, 0]]])('%j is not', (places) => {
    expect(order(...places)).toEqual(['chain-order note']);
  });
});

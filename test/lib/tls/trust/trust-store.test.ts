import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTrustStore } from '../../../../src/lib/tls/trust/trust-store.ts';

import { make, makeKey } from './made-certificate.ts';

const [first, second] = [makeKey(), makeKey()];
const root = make({ subject: 'Root', key: first, isAuthority: true });
const namesake = make({ subject: 'Root', key: second, isAuthority: true });
const middle = make({ subject: 'Middle', key: second, issuer: { subject: 'Root', key: first }, isAuthority: true });

function blocks(pem: string): string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----\n(?:[^-\n]{1,64}\n)+-----END CERTIFICATE-----\n/g) ?? [];
  expect(found.join('')).toBe(pem);
  return found;
}

test('roots are found by their name, all of one name', () => {
  const store = createTrustStore([root.der, namesake.der]);
  expect(store.find(root.subject.key)).toEqual([root, namesake]);
  expect(store.find(middle.subject.key)).toEqual([]);
  expect(store.find('')).toEqual([]);
});

test('only a certificate that names itself as issuer is a root', () => {
  const store = createTrustStore([middle.der, root.der]);
  expect(store.find(middle.subject.key)).toEqual([]);
  expect(store.find(root.subject.key)).toEqual([root]);
});

test('OpenSSL gets every certificate, byte for byte', () => {
  const { pem } = createTrustStore([root.der, middle.der]);
  expect(blocks(pem).map((block) => new X509Certificate(block).raw)).toEqual([root.der, middle.der]);
});

test('what is no certificate is left out, wherever it stands', () => {
  const cut = root.der.subarray(0, 100);
  const store = createTrustStore([Buffer.alloc(0), Buffer.from('nonsense'), cut, root.der, cut]);
  expect(store.find(root.subject.key)).toEqual([root]);
  expect(blocks(store.pem)).toHaveLength(1);
});

test('without certificates nothing is trusted', () => {
  const store = createTrustStore([]);
  expect(store.pem).toBe('');
  expect(store.find(root.subject.key)).toEqual([]);
});

import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { requireProgram } from '../services.ts';
import { datesByOpenssl, runOpenssl } from './run-openssl.ts';
import { chain, day, openWorkshop, type KeyType, type Workshop } from './workshop.ts';

const openssl = requireProgram('openssl', 'the certificates of the tests cannot be made');
const workshop = openWorkshop('workshop-test');
afterAll(() => workshop.close());

test.skipIf(openssl === undefined)(
  'validity is exact to the second, in the past, the future and after 2049',
  async () => {
    const cases = [
      { from: -90 * day, until: -1 },
      { from: -7, until: 13 },
      { from: 1, until: 2 * day + 1 },
      { from: -40 * 365 * day, until: 40 * 365 * day },
    ];
    for (const validity of cases) {
      const made = await workshop.leaf({ commonName: 'dates.test', ...validity });
      const asked = { notBefore: workshop.now + validity.from, notAfter: workshop.now + validity.until };
      expect({ notBefore: made.notBefore, notAfter: made.notAfter }).toEqual(asked);
      expect(await datesByOpenssl(made.certificateFile)).toEqual(asked);
    }
  },
);

test.skipIf(openssl === undefined)('every type of key is the one that was asked for', async () => {
  const details = {
    'P-256': { namedCurve: 'prime256v1' },
    'P-384': { namedCurve: 'secp384r1' },
    'P-224': { namedCurve: 'secp224r1' },
    ed25519: {},
    'rsa:1024': { modulusLength: 1024 },
    'rsa:2048': { modulusLength: 2048 },
    'dsa:2048': { modulusLength: 2048 },
  } satisfies Record<KeyType, object>;
  const types = Object.keys(details) as KeyType[];
  const made = await Promise.all(types.map((key) => workshop.leaf({ commonName: 'key.test', key })));
  const found = made.map(({ pem }) => new X509Certificate(pem).publicKey);
  expect(found.map((key) => key.asymmetricKeyDetails)).toMatchObject(types.map((type) => details[type]));
  expect(found.map((key) => key.asymmetricKeyType)).toEqual(['ec', 'ec', 'ec', 'ed25519', 'rsa', 'rsa', 'dsa']);
});

test.skipIf(openssl === undefined)('chains hold: intermediate, cross-signed root, SHA-1, no extensions', async () => {
  const [root, other] = await Promise.all([workshop.authority('Root'), workshop.authority('Other')]);
  const intermediate = await workshop.authority('Intermediate', { issuer: root });
  const crossSigned = await workshop.authority('Root', { key: root, issuer: other });
  const leaf = await workshop.leaf({
    commonName: 'leaf.test',
    names: ['leaf.test', '192.0.2.1'],
    issuer: intermediate,
  });
  const verify = (authority: { certificateFile: string }, sent: string) => {
    const file = workshop.file('sent.pem', sent);
    return runOpenssl(['verify', '-CAfile', authority.certificateFile, '-untrusted', file, leaf.certificateFile]);
  };
  expect(await verify(root, chain(intermediate))).toContain(': OK');
  expect(await verify(other, chain(crossSigned, intermediate))).toContain(': OK');
  await expect(verify(other, chain(intermediate))).rejects.toThrow(/unable to get local issuer certificate/);
  const printed = await runOpenssl(['x509', '-in', leaf.certificateFile, '-noout', '-text']);
  expect(printed).toContain('DNS:leaf.test, IP Address:192.0.2.1');
  expect(printed).toContain('TLS Web Server Authentication');

  const old = await workshop.leaf({ commonName: 'old.test', issuer: root, digest: 'sha1', version1: true });
  const oldPrinted = await runOpenssl(['x509', '-in', old.certificateFile, '-noout', '-text']);
  expect(oldPrinted).toMatch(/Version: 1 [^]*Signature Algorithm: ecdsa-with-SHA1/);
  expect(oldPrinted).not.toContain('X509v3');
});

test.skipIf(openssl === undefined)('a certificate may have no subject, or 5,000 names', async () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `host-${index}.names.test`);
  const [bare, many] = await Promise.all([workshop.leaf({ commonName: '' }), workshop.leaf({ names })]);
  expect(new X509Certificate(bare.pem).subject ?? '').toBe('');
  expect(new X509Certificate(many.pem).subjectAltName?.split(', ')).toHaveLength(5_000);
  expect(new X509Certificate(many.pem).raw.length).toBeGreaterThan(100_000);
});

test.skipIf(openssl === undefined)('nothing is left when it is closed', async () => {
  const another: Workshop = openWorkshop('workshop-test');
  await another.leaf({ commonName: 'gone.test' });
  another.close();
  expect(existsSync(another.folder)).toBe(false);
});

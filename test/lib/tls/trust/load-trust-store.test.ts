import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { parseCertificate } from '../../../../src/lib/tls/certificate/parse-certificate.ts';
import { loadTrustStore } from '../../../../src/lib/tls/trust/load-trust-store.ts';
import { make, makeKey, pem } from './made-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-trust-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const roots = ['One', 'Two', 'Three'].map((subject) => make({ subject, key: makeKey(), isAuthority: true }));
const [one, two, three] = roots.map((root, index) => file(`${index}.pem`, pem(root)));
const broken = pem(roots[0]!).replace(/\n[^\n]{40}/, '\n');

async function trusted(options: Parameters<typeof loadTrustStore>[0]): Promise<(string | undefined)[]> {
  const { find, pem: text } = await loadTrustStore(options);
  const certificates = text
    .match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)!
    .map((block) => new X509Certificate(block));
  return certificates.flatMap(({ raw }) => {
    const { subject } = parseCertificate(raw);
    return find(subject.key).some(({ der }) => der.equals(raw)) ? [subject.commonName] : [];
  });
}

async function mistake(options: Parameters<typeof loadTrustStore>[0]): Promise<string> {
  const error = await loadTrustStore(options).catch((failure: unknown) => failure);
  if (error instanceof UserError) return [error.message, ...error.hints].join(' | ');
  throw new Error('no UserError', { cause: error });
}

test('SSL_CERT_FILE stands in place of what the system trusts', async () => {
  expect(await trusted({ env: { SSL_CERT_FILE: one } })).toEqual(['One']);
});

test('--ca and NODE_EXTRA_CA_CERTS are trusted as well', async () => {
  expect(await trusted({ env: { SSL_CERT_FILE: one, NODE_EXTRA_CA_CERTS: three }, file: two })).toEqual([
    'One',
    'Two',
    'Three',
  ]);
});

test('otherwise the system’s own roots count, and an empty variable is none', async () => {
  const some = await trusted({ env: {} });
  expect(some.length).toBeGreaterThan(20);
  expect(await trusted({ env: { SSL_CERT_FILE: '', NODE_EXTRA_CA_CERTS: '' }, file: two })).toEqual([...some, 'Two']);
});

test('a file in DER form is as good as one in PEM', async () => {
  const der = file('root.der', roots[1]!.der);
  expect(await trusted({ env: { SSL_CERT_FILE: one }, file: der })).toEqual(['One', 'Two']);
});

test.each([
  ['--ca', (path: string) => ({ env: { SSL_CERT_FILE: one }, file: path })],
  ['SSL_CERT_FILE', (path: string) => ({ env: { SSL_CERT_FILE: path } })],
  ['NODE_EXTRA_CA_CERTS', (path: string) => ({ env: { SSL_CERT_FILE: one, NODE_EXTRA_CA_CERTS: path } })],
])('a file named by %s that cannot be used is told of by both names', async (name, options) => {
  const absent = join(folder, 'absent.pem');
  expect(await mistake(options(absent))).toContain(`${name}: cannot read '${absent}'`);
  const cases = [
    file('empty.pem', ''),
    file('text.pem', 'no certificate at all\n'),
    file('half.pem', pem(roots[1]!) + broken),
  ];
  for (const path of cases) {
    expect(await mistake(options(path))).toContain(`${name}: cannot trust '${path}': it `);
    expect(await mistake(options(path))).toContain('name a PEM file of root certificates');
  }
  expect(await mistake(options(folder))).toContain(folder);
});

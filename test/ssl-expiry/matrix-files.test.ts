import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { requireProgram } from '../support/services.ts';
import { runOpenssl } from '../support/tls/run-openssl.ts';
import { chain, day, type Issued } from '../support/tls/workshop.ts';
import { check, type Expected, openssl, useMatrix, wanted } from './matrix.ts';

// Certificates at rest: every format, and what cannot be read.

const keytool = requireProgram('keytool', 'ssl-expiry is not tried with Java key stores');
const matrix = useMatrix('matrix-files');

// Java takes no certificate without a subject.
const named = { commonName: 'good.test', names: ['good.test'] };
let leaf: Issued;
let expired: Issued;
beforeAll(async () => {
  if (openssl === undefined) return;
  const { intermediate } = matrix.authorities;
  [leaf, expired] = await Promise.all([
    matrix.workshop.leaf({ ...named, issuer: intermediate }),
    matrix.workshop.leaf({ ...named, issuer: intermediate, from: -90 * day, until: -day }),
  ]);
});

const file = (name: string, content: string | Buffer) => matrix.workshop.file(name, content);
const secret = (name: string, content: string) => {
  const path = file(name, content);
  chmodSync(path, 0o600);
  return path;
};
const sent = () => chain(leaf, matrix.authorities.intermediate);

async function pkcs12(name: string, ...words: string[]): Promise<string> {
  const path = join(matrix.workshop.folder, name);
  const content = ['-inkey', leaf.keyFile, '-in', file(`${name}.pem`, sent()), '-passout', 'pass:right'];
  await runOpenssl(['pkcs12', '-export', '-out', path, ...content, ...words]);
  return path;
}

async function javaKeyStore(name: string): Promise<string> {
  const path = join(matrix.workshop.folder, name);
  const store = ['-keystore', path, '-storetype', 'JKS', '-storepass', 'changeit', '-noprompt'];
  await execa(keytool!, ['-importcert', '-alias', 'leaf', '-file', leaf.certificateFile, ...store]);
  return path;
}

const password = (text: string) => ['--password-file', secret(`password-${text}`, `${text}\n`)];

interface FileRow {
  words: () => Promise<readonly string[]> | readonly string[];
  expected: () => Expected;
  skip?: boolean;
}

const good = (words: FileRow['words']): FileRow => ({
  words,
  expected: () => ({ status: 'ok', findings: [], expires: leaf }),
});
const unknown = (words: FileRow['words'], code: string): FileRow => ({
  words,
  expected: () => ({ status: 'unknown', findings: [`${code} unknown`] }),
});

const rows: Record<string, FileRow> = {
  'a bundle of PEM': good(() => [file('bundle.pem', sent())]),
  'PEM with its key before it': good(() => [file('both.pem', readFileSync(leaf.keyFile, 'utf8') + sent())]),
  DER: good(() => [file('leaf.crt', new X509Certificate(leaf.pem).raw)]),
  'PKCS#12': good(async () => [await pkcs12('store.p12'), ...password('right')]),
  'PKCS#12 as it was made before OpenSSL 3': good(async () => [
    await pkcs12('old.p12', '-legacy'),
    ...password('right'),
  ]),
  'PKCS#12 and a wrong password': unknown(
    async () => [await pkcs12('wrong.p12'), ...password('wrong')],
    'wrong-password',
  ),
  'old PKCS#12 and a wrong password': unknown(
    async () => [await pkcs12('old-wrong.p12', '-legacy'), ...password('wrong')],
    'wrong-password',
  ),
  'PKCS#12 and no password': unknown(async () => [await pkcs12('none.p12')], 'wrong-password'),
  JKS: { ...good(async () => [await javaKeyStore('store.jks')]), skip: keytool === undefined },
  'a key only': unknown(() => [file('key.pem', readFileSync(leaf.keyFile))], 'no-certificate'),
  'an empty file': unknown(() => [file('empty.pem', '')], 'malformed'),
  'no file': unknown(() => [join(matrix.workshop.folder, 'missing.pem')], 'not-found'),
  'half a certificate': unknown(() => [file('half.pem', leaf.pem.slice(0, 300))], 'malformed'),
  '10 MB of something else': unknown(() => [file('noise.pem', Buffer.alloc(10_000_000, 0xee))], 'malformed'),
  'an expired certificate': {
    words: () => [file('expired.pem', chain(expired, matrix.authorities.intermediate))],
    expected: () => ({ status: 'critical', findings: ['expired critical 0'], expires: expired }),
  },
  'a good certificate before an expired one': {
    words: () => [file('several.pem', chain(leaf, expired))],
    expected: () => ({ status: 'critical', findings: ['expired critical 1'], expires: expired }),
  },
  'a folder with one certificate and one key': good(() => {
    const folder = join(matrix.workshop.folder, 'live');
    mkdirSync(folder);
    writeFileSync(join(folder, 'fullchain.pem'), sent());
    writeFileSync(join(folder, 'privkey.pem'), readFileSync(leaf.keyFile));
    return [folder];
  }),
};

const names = Object.keys(rows).filter((name) => openssl !== undefined && rows[name]!.skip !== true);
test.each(names)('%s', async (name) => {
  const { words, expected } = rows[name]!;
  expect(await check(matrix, await words())).toMatchObject(await wanted(expected()));
});

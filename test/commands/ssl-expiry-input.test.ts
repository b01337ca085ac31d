import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeAll, expect, test } from 'vitest';
import { startTlsServer } from '../support/tls/node-server.ts';
import { runOpenssl } from '../support/tls/run-openssl.ts';
import { chain, type Issued } from '../support/tls/workshop.ts';
import { openssl, useCertificateShop } from './run-ssl-expiry.ts';

const shop = useCertificateShop('ssl-input');
let good: Issued;
let crowded: Issued;
let port: number;

beforeAll(async () => {
  if (openssl === undefined) return;
  const { workshop, intermediate, servers } = shop;
  const names = Array.from({ length: 5_000 }, (_, at) => `host-number-${at}.example.test`);
  [good, crowded] = await Promise.all([
    workshop.leaf({ commonName: 'good.test', names: ['good.test', 'localhost', '127.0.0.1'], issuer: intermediate }),
    workshop.leaf({ commonName: 'crowded.test', names, issuer: intermediate }),
  ]);
  const options = { key: readFileSync(good.keyFile), cert: chain(good, intermediate) };
  ({ port } = await servers.keep(startTlsServer(options)));
});

const subjects = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0]!);
const piped = (bytes: Buffer | string) => ({ runtime: { stdin: () => Readable.from([bytes]) } });
/** What -q says of one target that is not fine. */
const told = async (words: readonly string[]) => {
  const { code, stdout, stderr } = await shop.run([...words, '-q']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  return stdout;
};

test.skipIf(openssl === undefined)(
  'arguments, two lists and a pipe are one run, each target once whatever its spelling',
  async () => {
    const one = shop.workshop.file(
      'one.txt',
      `\uFEFF127.0.0.1:${port} # the web\r\n\r\n   # nothing\r\nlocalhost:${port}\r\n`,
    );
    const two = shop.workshop.file('two.txt', `LOCALHOST:${port}\n`);
    const stdin = Readable.from([`https://localhost:${port}/path?query\n`]);
    const { code, stdout } = await shop.run(['-f', one, '-f', two, '-f', '-', '-f', '-', `localhost:${port}`], {
      runtime: { stdin: () => stdin },
    });
    expect(code).toBe(0);
    expect(subjects(stdout).toSorted()).toEqual([`127.0.0.1:${port}`, `localhost:${port}`]);
  },
);

test.skipIf(openssl === undefined)(
  'PEM, DER, PKCS#12 and the Secrets of kubectl come through a pipe, told apart by their content',
  async () => {
    const { folder } = shop.workshop;
    await runOpenssl(['x509', '-in', good.certificateFile, '-outform', 'DER', '-out', join(folder, 'good.der')]);
    const store = join(folder, 'good.p12');
    await runOpenssl([
      'pkcs12',
      '-export',
      '-in',
      good.certificateFile,
      '-inkey',
      good.keyFile,
      '-out',
      store,
      '-passout',
      'pass:secret',
    ]);
    const right = shop.workshop.file('right.txt', 'secret\n');
    chmodSync(right, 0o600);
    const secret = (name: string, data: Record<string, string>) => ({
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { namespace: 'web', name },
      data,
    });
    const secrets = {
      kind: 'List',
      items: [secret('shop', { 'tls.crt': Buffer.from(good.pem).toString('base64') }), secret('empty', {})],
    };

    for (const bytes of [good.pem, readFileSync(join(folder, 'good.der'))]) {
      expect(await shop.run(['-f', '-'], piped(bytes))).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^standard input\tok\t/),
      });
    }
    expect((await shop.run(['-f', '-', '-q'], piped(readFileSync(store)))).stdout).toContain(
      'is PKCS#12 that needs a password',
    );
    expect(await shop.run(['-f', '-', '--password-file', right], piped(readFileSync(store)))).toMatchObject({
      code: 0,
    });
    const kubernetes = await shop.run(['-f', '-'], { stdin: JSON.stringify(secrets) });
    expect(kubernetes.code).toBe(2);
    expect(subjects(kubernetes.stdout)).toEqual(['web/empty tls.crt', 'web/shop tls.crt']);
  },
);

test.skipIf(openssl === undefined)('a wrong password, and none, say that they are', async () => {
  const { folder } = shop.workshop;
  const store = join(folder, 'locked.p12');
  await runOpenssl([
    'pkcs12',
    '-export',
    '-in',
    good.certificateFile,
    '-inkey',
    good.keyFile,
    '-out',
    store,
    '-passout',
    'pass:secret',
  ]);
  const wrong = shop.workshop.file('wrong.txt', 'guess\n');
  chmodSync(wrong, 0o600);
  expect(await told([store])).toContain(
    `unknown: ${store}: is PKCS#12 that needs a password (write its password into a file`,
  );
  expect(await told([store, '--password-file', wrong])).toContain(
    `unknown: ${store}: is PKCS#12 that does not open with the password given`,
  );
});

test.skipIf(openssl === undefined)('what is no certificate says what it is', async () => {
  const { folder } = shop.workshop;
  const locked = join(folder, 'locked.key');
  await runOpenssl(['pkcs8', '-topk8', '-in', good.keyFile, '-out', locked, '-passout', 'pass:secret']);
  const text = shop.workshop.file('notes.pem', 'hello\n');
  const empty = shop.workshop.file('empty.crt', '');
  const keys = join(folder, 'keys-only');
  mkdirSync(keys);
  copyFileSync(good.keyFile, join(keys, 'key.pem'));
  expect(await told([good.keyFile])).toContain('holds a private key and no certificate');
  expect(await told([locked])).toContain('locked.key: holds an encrypted private key and no certificate');
  expect(await told([text])).toContain('notes.pem: is neither PEM, DER, PKCS#12 nor JKS');
  expect(await told([empty])).toContain('empty.crt: is empty');
  expect(await told([keys])).toContain(
    `unknown: ${keys}: has no certificate in it or below it (files in a folder are found`,
  );
  expect(await told(['none.pem'])).toBe('unknown: none.pem: does not exist\n');
  expect(await told(['/dev/zero'])).toContain('is no regular file');
});

test.skipIf(openssl === undefined)('a folder is every certificate in it', async () => {
  const folder = join(shop.workshop.folder, 'live');
  mkdirSync(join(folder, 'good.test'), { recursive: true });
  copyFileSync(good.certificateFile, join(folder, 'good.test', 'cert.pem'));
  copyFileSync(good.keyFile, join(folder, 'good.test', 'privkey.pem'));
  copyFileSync(crowded.certificateFile, join(folder, 'crowded.crt'));
  const { code, stdout } = await shop.run([`${folder}/`]);
  expect(code).toBe(0);
  expect(subjects(stdout).toSorted()).toEqual([`${folder}/crowded.crt`, `${folder}/good.test/cert.pem`]);
});

test.skipIf(openssl === undefined)(
  'five thousand names in 100 KB are counted, in a file and from a server',
  async () => {
    const options = { key: readFileSync(crowded.keyFile), cert: chain(crowded, shop.intermediate) };
    const server = await shop.servers.keep(startTlsServer(options));
    expect(readFileSync(crowded.certificateFile).length).toBeGreaterThan(150_000);

    const [file] = await shop.records([crowded.certificateFile]);
    expect(file).toMatchObject({ status: 'ok', certificates: [{ on_path: true }] });
    expect(file!.certificates[0]!.dns_names).toHaveLength(5_000);

    const address = ['--address', '127.0.0.1'];
    const [served] = await shop.records([`host-number-4999.example.test:${server.port}`, ...address]);
    // No client with OpenSSL takes it, but its date is known.
    expect(served!.expires).toBe(file!.expires);
    expect(served!.certificates[0]!.dns_names).toHaveLength(5_000);
    expect(served!.findings.map(({ code }) => code)).not.toContain('hostname-mismatch');

    const { stdout } = await shop.run([`other.test:${server.port}`, ...address, '-q']);
    expect(stdout).toContain('host-number-4.example.test and 4995 more, not for other.test');
    const row = (await shop.run([crowded.certificateFile])).stdout;
    expect(row).toContain('host-number-19.example.test and 4980 more\t');
    expect(row.length).toBeLessThan(1_000);
  },
);

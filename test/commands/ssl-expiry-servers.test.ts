import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { rawBehaviours, startRawServer } from '../support/tls/raw-server.ts';
import { startTlsServer } from '../support/tls/node-server.ts';
import { runOpenssl } from '../support/tls/run-openssl.ts';
import { chain, type Issued } from '../support/tls/workshop.ts';
import { openssl, useCertificateShop } from './run-ssl-expiry.ts';

const shop = useCertificateShop('ssl-servers');
let good: Issued;
let port: number;

beforeAll(async () => {
  if (openssl === undefined) return;
  const { workshop, intermediate, servers } = shop;
  good = await workshop.leaf({
    commonName: 'good.test',
    names: ['good.test', 'localhost', '127.0.0.1'],
    issuer: intermediate,
  });
  const options = { key: readFileSync(good.keyFile), cert: chain(good, intermediate) };
  ({ port } = await servers.keep(startTlsServer(options)));
});

/** What -q says of one target that is not fine. */
const told = async (words: readonly string[]) => {
  const { code, stdout, stderr } = await shop.run([...words, '-q']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  return stdout;
};

test.skipIf(openssl === undefined)('ten megabytes of garbage from a server are one record', async () => {
  const { port: garbage } = await shop.servers.keep(startRawServer(rawBehaviours['10 MB of garbage']));
  expect(await told([`127.0.0.1:${garbage}`])).toMatch(
    /^unknown: 127\.0\.0\.1:\d+: the server does not speak TLS: .*\n$/,
  );
});

test.skipIf(openssl === undefined)(
  'a server that resets at the moment of the deadline is one record, not the end of the run',
  async () => {
    const servers = await Promise.all(
      (['reset on accept', 'end on accept', 'reset after hello', 'end after hello'] as const).map((behaviour) =>
        shop.servers.keep(startRawServer(rawBehaviours[behaviour])),
      ),
    );
    const words = servers.map((server) => `127.0.0.1:${server.port}`);
    for (const limit of ['200ms', '520ms', '1s']) {
      const records = await shop.records([...words, `127.0.0.1:${port}`, '--connect-timeout', limit]);
      expect(records.map(({ findings }) => findings.map(({ code }) => code).join()).toSorted()).toEqual([
        '',
        ...Array.from({ length: 4 }, () => 'reset'),
      ]);
    }
  },
);

test.skipIf(openssl === undefined)('--cert and --key are tried before a server is asked', async () => {
  const { workshop } = shop;
  const client = await workshop.leaf({ commonName: 'client', usage: ['clientAuth'], issuer: shop.intermediate });
  const locked = join(workshop.folder, 'client.key');
  await runOpenssl(['pkcs8', '-topk8', '-in', client.keyFile, '-out', locked, '-passout', 'pass:secret']);
  const wrong = workshop.file('wrong-passphrase', 'guess');
  const right = workshop.file('right-passphrase', 'secret');
  for (const path of [wrong, right]) chmodSync(path, 0o600);
  const refused = async (words: readonly string[]) => {
    const { code, stderr } = await shop.run([`127.0.0.1:${port}`, ...words]);
    expect(code).toBe(2);
    return stderr;
  };
  const { certificateFile } = client;
  expect(await refused(['--cert', certificateFile])).toBe(
    `devops: error: cannot use the key in '${certificateFile}': it holds no private key in PEM\n` +
      'devops: hint: name the PEM file of the key with --key\n',
  );
  expect(await refused(['--cert', certificateFile, '--key', good.keyFile])).toContain(
    `the key in '${good.keyFile}' does not belong to the certificate in '${certificateFile}'`,
  );
  expect(await refused(['--cert', certificateFile, '--key', locked])).toBe(
    `devops: error: the key in '${locked}' is encrypted\ndevops: hint: --password-file FILE names a file with its passphrase\n`,
  );
  expect(await refused(['--cert', certificateFile, '--key', locked, '--password-file', wrong])).toContain(
    'the passphrase does not open it',
  );
  const words = [`127.0.0.1:${port}`, '--cert', certificateFile, '--key', locked, '--password-file', right];
  expect(await shop.run(words)).toMatchObject({ code: 0, stderr: '' });
});

test.skipIf(openssl === undefined)('-4 and -6 hold for addresses that were typed, too', async () => {
  expect(await told(['-6', `127.0.0.1:${port}`])).toBe(
    `unknown: 127.0.0.1:${port}: 127.0.0.1 is an IPv4 address, and only IPv6 may be used (leave -6 out)\n`,
  );
  expect(await told(['-4', '[::1]:1'])).toContain('::1 is an IPv6 address, and only IPv4 may be used (leave -4 out)');
  expect(await told(['-4', `localhost:${port}`, '--address', '[::1]'])).toContain('only IPv4 may be used');
  expect(await shop.run(['-4', `127.0.0.1:${port}`])).toMatchObject({ code: 0 });
});

test.skipIf(openssl === undefined)(
  'an international name is asked for in ASCII, as a target and as a server name',
  async () => {
    const words = ['--address', '127.0.0.1', '--connect-timeout', '5s'];
    const [target] = await shop.records([`BÜCHER.test:${port}`, ...words]);
    expect(target).toMatchObject({
      subject: `xn--bcher-kva.test:${port}`,
      endpoint: { servername: 'xn--bcher-kva.test' },
    });
    const [named] = await shop.records([`127.0.0.1:${port}`, '--servername', 'bücher.test']);
    expect(named).toMatchObject({ endpoint: { servername: 'xn--bcher-kva.test' } });
    expect(named!.findings[0]!.message).toBe(
      'the certificate is for good.test, localhost, 127.0.0.1, not for xn--bcher-kva.test',
    );
  },
);

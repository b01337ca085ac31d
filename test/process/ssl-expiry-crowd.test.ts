import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CertificateCheck } from '../../src/lib/tls/certificate-check.ts';
import { startResettingServers, startSilentServers } from '../support/net/bad-servers.ts';
import { startBlackholes } from '../support/net/blackhole.ts';
import { startLateDns } from '../support/net/late-dns.ts';
import { requireProgram } from '../support/services.ts';
import { bareEnvironment, bin, node, start } from '../support/start-devops.ts';
import { startTlsServer } from '../support/tls/node-server.ts';
import { serverPark } from '../support/tls/test-server.ts';
import { type Issued, openWorkshop } from '../support/tls/workshop.ts';

const openssl = requireProgram('openssl', 'ssl-expiry is not tried with many servers at once');
const workshop = openWorkshop('ssl-crowd');
const servers = serverPark();
let leaf: Issued;
let good: number;
let env: Record<string, string>;

beforeAll(async () => {
  if (openssl === undefined) return;
  const root = await workshop.authority('Crowd Root');
  leaf = await workshop.leaf({ names: ['crowd.test', '*.crowd.test'], issuer: root });
  const options = { key: readFileSync(leaf.keyFile), cert: leaf.pem };
  good = (await servers.keep(startTlsServer(options, { address: '0.0.0.0' }))).port;
  env = { SSL_CERT_FILE: root.certificateFile, STATE_DIRECTORY: workshop.folder, CACHE_DIRECTORY: workshop.folder };
});
afterAll(async () => {
  await servers.close();
  workshop.close();
});

const records = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CertificateCheck);

test.skipIf(openssl === undefined)(
  'dead servers among good ones hide none of them, and cost no more than their deadlines',
  async () => {
    const [holes, mutes, resets] = await Promise.all([
      startBlackholes(16),
      startSilentServers(16),
      startResettingServers(8),
    ]);
    try {
      const living = Array.from({ length: 160 }, (_, at) => `127.2.0.${at + 1}:${good}`);
      const dead = [holes, mutes, resets].flatMap(({ endpoints }) =>
        endpoints.map(({ address, port }) => `${address}:${port}`),
      );
      const everyFifth = living.flatMap((each, at) => (at % 4 === 0 ? [each, dead[at / 4]!] : [each]));
      const list = workshop.file('crowd.txt', everyFifth.join('\n'));
      const words = ['-f', list, '-o', 'jsonl', '--servername', 'crowd.test', '--connect-timeout', '2s'];
      const started = performance.now();
      const { exitCode, stdout } = await start(node, [bin, 'ssl-expiry', ...words, '--concurrency', '64'], { env });
      const seconds = (performance.now() - started) / 1000;
      const found = records(stdout);
      const codes = (wanted: string) =>
        found.filter(({ findings }) => findings.some(({ code: each }) => each === wanted));
      expect({ exitCode, all: found.length, ok: found.filter(({ status }) => status === 'ok').length }).toEqual({
        exitCode: 2,
        all: 200,
        ok: 160,
      });
      expect([codes('timeout').length, codes('reset').length]).toEqual([32, 8]);
      // All deadlines run beside each other; the rest is room for a machine that has much else to do.
      expect(seconds).toBeLessThan(2 + 8);
    } finally {
      await Promise.all([holes.stop(), mutes.stop(), resets.stop()]);
    }
  },
);

test.skipIf(openssl === undefined)('names whose DNS answers are late are late, and not lost', async (context) => {
  const late = await startLateDns({ delayMilliseconds: 100 });
  if ('unavailable' in late) return context.skip(late.unavailable);
  try {
    const names = Array.from({ length: 150 }, (_, at) => `host${at}.crowd.test:${good}`);
    const list = workshop.file('names.txt', names.join('\n'));
    const [program, ...words] = late.inside([node, bin, 'ssl-expiry', '-f', list, '-o', 'jsonl', '--retries', '0']);
    const found = records((await start(program!, words, { env: { ...bareEnvironment, ...env } })).stdout);
    // Nobody listens in that network: what counts is that each name has become an address.
    const codes = found.map(({ findings, endpoint }) => `${findings[0]?.code} ${endpoint?.address ?? ''}`);
    expect([...new Set(codes)]).toEqual(['unreachable 127.0.0.1']);
    expect(found).toHaveLength(150);
  } finally {
    await late.stop();
  }
});

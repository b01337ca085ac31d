import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { CertificateCheck } from '../../src/lib/tls/certificate-check.ts';
import { startTlsServer } from '../support/tls/node-server.ts';
import { chain, day } from '../support/tls/workshop.ts';
import { openssl, runSslExpiry, useCertificateShop } from './run-ssl-expiry.ts';

const shop = useCertificateShop('ssl-inventory');
let ports: { good: number; ending: number; expired: number; alone: number };

beforeAll(async () => {
  if (openssl === undefined) return;
  const { workshop, servers, intermediate } = shop;
  const serve = async (options: { from?: number; until?: number; isAlone?: boolean }) => {
    const names = ['127.0.0.1', 'named.test'];
    const leaf = await workshop.leaf({
      names,
      ...(options.isAlone === true ? {} : { issuer: intermediate }),
      ...options,
    });
    const cert = options.isAlone === true ? leaf.pem : chain(leaf, intermediate);
    return (await servers.keep(startTlsServer({ key: readFileSync(leaf.keyFile), cert }))).port;
  };
  ports = {
    good: await serve({}),
    ending: await serve({ from: -80 * day, until: 3 * day }),
    expired: await serve({ from: -90 * day, until: -day }),
    alone: await serve({ isAlone: true }),
  };
});

/** What expired is ignored until the beginning of this day. */
const untilDay = new Date((shop.workshop.now + 2 * day) * 1000).toISOString().slice(0, 10);
const until = new Date(`${untilDay}T00:00:00Z`);
const justBefore = new Date(until.getTime() - 1000);

/** devops.yaml of the shop's folder, where the runs are. */
function configure(lines: readonly string[]): string {
  const path = join(shop.workshop.folder, 'devops.yaml');
  writeFileSync(path, `ssl-expiry:\n${lines.map((line) => `  ${line}\n`).join('')}`, { mode: 0o600 });
  return path;
}

const inventory = () =>
  configure([
    `ca: ${shop.root.certificateFile}`,
    'connect_timeout: 5s',
    'targets:',
    `  - 127.0.0.1:${ports.good}`,
    `  - target: 127.0.0.1:${ports.ending}`,
    '    owner: payments',
    '    crit: 1d',
    `  - target: 127.0.0.1:${ports.expired}`,
    `    ignore: { until: ${untilDay}, reason: it goes soon }`,
    `  - target: 127.0.0.1:${ports.alone}`,
    '    servername: named.test',
    '    ignore: { codes: [self-signed] }',
  ]);

/** The root is trusted because of the inventory alone. */
const untrusting = { env: { SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' } };
const statuses = (checks: readonly CertificateCheck[]) =>
  checks.map(({ subject, status }) => `${subject.split(':')[1]} ${status}`).toSorted();

test.skipIf(openssl === undefined)(
  'a bare ssl-expiry looks at the inventory, each target with its own thresholds, owner and ignored findings',
  async () => {
    inventory();
    const checks = await shop.records([], { ...untrusting, now: () => justBefore });
    const byPort = new Map(checks.map((check) => [check.endpoint!.port, check]));
    expect(byPort.size).toBe(4);
    expect(byPort.get(ports.good)!.endpoint).toMatchObject({ trusted: true });
    expect(byPort.get(ports.ending)).toMatchObject({ owner: 'payments' });
    expect(byPort.get(ports.expired)).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'expired', severity: 'note', ignored: `until ${untilDay}T00:00:00Z` }),
      ]),
    });
    expect(byPort.get(ports.alone)).toMatchObject({
      endpoint: { servername: 'named.test', name_matches: true },
      findings: [{ code: 'self-signed', severity: 'note', ignored: 'inventory' }],
    });
  },
);

test.skipIf(openssl === undefined)('from the day of until on a finding counts again', async () => {
  inventory();
  const target = `127.0.0.1:${ports.expired}`;
  const at = async (time: Date) => (await shop.run([target], { now: () => time })).code;
  // Of the run's own clock, as everything is judged by.
  expect(await at(justBefore)).toBe(0);
  expect(await at(until)).toBe(1);
});

test.skipIf(openssl === undefined)(
  'a target that is typed keeps what the inventory says of it, and the options win',
  async () => {
    inventory();
    const target = `https://127.0.0.1:${ports.ending}`;
    const [typed] = await shop.records([target]);
    expect(typed).toMatchObject({ status: 'warning', owner: 'payments' });
    const [strict] = await shop.records([target, '-c', '7d']);
    expect(strict).toMatchObject({ status: 'critical' });
    expect(statuses(await shop.records([`127.0.0.1:${ports.good}`, '-w', '100d']))).toEqual([`${ports.good} warning`]);
  },
);

test.skipIf(openssl === undefined)('why something expired is fine is told on a screen', async () => {
  inventory();
  const { stdout } = await shop.run([], {
    terminalColumns: 100,
    env: { NO_COLOR: '1' },
    now: () => justBefore,
  });
  const text = stdout.replaceAll(/\s+/g, ' ');
  expect(text).toMatch(/note 127\.0\.0\.1:\d+: the certificate expired /);
  expect(text).toContain(`(ignored: until ${untilDay}T00:00:00Z) renew it now`);
});

test.skipIf(openssl === undefined)('a server name may be an international one', async () => {
  configure(['targets:', `  - target: 127.0.0.1:${ports.good}`, '    servername: BÜCHER.test']);
  expect(await shop.records([])).toMatchObject([{ endpoint: { servername: 'xn--bcher-kva.test' } }]);
});

test.each([
  [
    ['targets:', '  - target: a.test', '    ignore: { codes: [exipred] }'],
    "ssl-expiry.targets[0].ignore.codes[0]: found 'exipred', expected one of expired,",
    "did you mean 'expired'?",
  ],
  [
    ['targets: [a.test, "https://A.test/"]'],
    "ssl-expiry.targets[1]: 'a.test:443' is there twice, first as ssl-expiry.targets[0]",
    'remove one',
  ],
  [
    ['targets:', '  - target: a.test', '    warn: soon'],
    "ssl-expiry.targets[0].warn: 'soon' is not a threshold",
    'write days',
  ],
  [['targets: ["a.test:0"]'], "ssl-expiry.targets[0]: 'a.test:0' is not a target: a port is a number", 'write a host'],
  [
    ['targets:', '  - target: a.pem', '    servername: b'],
    'servername: is for servers, and the target is a file',
    'remove it',
  ],
  [['target: [a.test]'], 'ssl-expiry.target: found an unknown key', "did you mean 'targets'?"],
  [
    ['targets:', '  - target: a.test', '    ignore: {}'],
    'which would hide every finding for ever',
    'write until, codes or both',
  ],
] as const)('a mistake in devops.yaml is told with its place, 2: %j', async (lines, error, hint) => {
  const path = configure(lines);
  const { code, stdout, stderr } = await runSslExpiry(shop.workshop.folder, []);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^devops: error: ${path}:\\d+:\\d+: `));
  expect(stderr).toContain(error);
  expect(stderr).toContain(`devops: hint: ${hint}`);
});

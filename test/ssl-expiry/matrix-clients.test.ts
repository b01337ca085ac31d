import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { startNginx } from '../support/tls/nginx-server.ts';
import { startTlsServer } from '../support/tls/node-server.ts';
import { startOpensslServer } from '../support/tls/openssl-server.ts';
import { chain, type Issued } from '../support/tls/workshop.ts';
import {
  type Authorities,
  canServe,
  check,
  type Expected,
  found,
  nginx,
  type Row,
  runChecks,
  type ServerRow,
  testRows,
  testServers,
  useMatrix,
  wanted,
} from './matrix.ts';

// Servers that want to know who asks, which of their names is meant, or which key is preferred.

const matrix = useMatrix('matrix-clients');
const { keep } = matrix.servers;

type Made = Record<'leaf' | 'direct' | 'other' | 'client' | 'expiredRsa', Issued>;

let made: Made;
beforeAll(async () => {
  if (canServe) made = await make(matrix.workshop, matrix.authorities);
});

async function make(workshop: typeof matrix.workshop, { root, intermediate }: Authorities): Promise<Made> {
  const names = ['good.test'];
  const [leaf, direct, other, client, expiredRsa] = await Promise.all([
    workshop.leaf({ names, issuer: intermediate }),
    workshop.leaf({ names, issuer: root }),
    workshop.leaf({ names: ['other.test'], issuer: intermediate }),
    workshop.leaf({ commonName: 'client', usage: ['clientAuth'], issuer: root }),
    workshop.leaf({ names, issuer: intermediate, key: 'rsa:2048', until: -1 }),
  ]);
  return { leaf, direct, other, client, expiredRsa };
}

type Outcome = Omit<Expected, 'expires'>;
const asked: Outcome = { status: 'ok', findings: ['client-certificate note'], probe: 'default' };
const fine: Outcome = { ...asked, findings: [] };
const presentIt = () => ['--cert', made.client.certificateFile, '--key', made.client.keyFile];

const byNginx = (verify: string, outcome: Outcome, words: () => readonly string[] = () => []): Row<Made> => ({
  site: ({ leaf, intermediate, root }) => ({
    leaf,
    sent: chain(leaf, intermediate),
    lines: [`ssl_client_certificate ${root.certificateFile};`, `ssl_verify_client ${verify};`],
  }),
  words,
  expected: ({ leaf }) => ({ ...outcome, expires: leaf }),
});

describe('client certificates that nginx asks for, to answer 400 without', () => {
  testRows<Made>(matrix, async () => made, {
    wanted: byNginx('on', asked),
    'welcome but not needed': byNginx('optional', asked),
    'wanted and presented': byNginx('on', asked, presentIt),
    'not wanted, but there is one': byNginx('off', fine, presentIt),
  });
});

const byOpenssl = (version: string, outcome: Outcome, words: () => readonly string[] = () => []): ServerRow => ({
  start: () => {
    const verify = ['-Verify', '1', '-verify_return_error', '-CAfile', matrix.authorities.root.certificateFile];
    return keep(startOpensslServer(made.direct, [version, ...verify]));
  },
  words,
  expected: () => ({ ...outcome, expires: made.direct }),
});

describe('client certificates without which there is no handshake', () => {
  testServers(matrix, {
    'TLS 1.2': byOpenssl('-tls1_2', asked),
    'TLS 1.3': byOpenssl('-tls1_3', asked),
    'TLS 1.2, presented': byOpenssl('-tls1_2', asked, presentIt),
    'TLS 1.3, presented': byOpenssl('-tls1_3', asked, presentIt),
    // Node tells of the request by the signature algorithms in it, and TLS 1.0 has none there.
    'TLS 1.0': byOpenssl('-tls1', {
      status: 'warning',
      findings: ['old-tls warning'],
      probe: 'permissive',
    }),
  });
});

/** Two servers at one port, told apart by their names; a third name, or none, is refused or gets the first. */
const named = (
  host: string,
  leaf: 'leaf' | 'other' | undefined,
  findings: readonly string[],
  refuse = true,
): Row<Made> => ({
  site: ({ leaf: first, other, intermediate }) => ({
    leaf: first,
    sent: chain(first, intermediate),
    ...(refuse && { lines: ['ssl_reject_handshake on;'] }),
    named: {
      'good.test': { leaf: first, sent: chain(first, intermediate) },
      'other.test': { leaf: other, sent: chain(other, intermediate) },
    },
  }),
  host,
  expected: (all) =>
    leaf === undefined
      ? { status: 'unknown', findings }
      : { status: findings.length > 0 ? 'critical' : 'ok', findings, expires: all[leaf], probe: 'default' },
});

describe('the name that is asked for', () => {
  testRows<Made>(matrix, async () => made, {
    'one of two': named('good.test', 'leaf', []),
    'the other': named('other.test', 'other', []),
    'neither, and the server refuses': named('third.test', undefined, ['sni-refused unknown']),
    'an address, which is no name, and the server refuses': named('127.0.0.1', undefined, ['sni-refused unknown']),
    'an address and a --servername': {
      ...named('127.0.0.1', 'other', []),
      words: () => ['--servername', 'other.test'],
    },
    'neither, and the server sends its first certificate': named(
      'third.test',
      'leaf',
      ['hostname-mismatch critical'],
      false,
    ),
  });
});

describe('two certificates, the one with an RSA key expired', () => {
  let target: string;
  beforeAll(async () => {
    if (!canServe) return;
    const { leaf, expiredRsa } = made;
    const { intermediate } = matrix.authorities;
    const besides = [{ leaf: expiredRsa, sent: chain(expiredRsa, intermediate) }];
    const site = { leaf, sent: chain(leaf, intermediate), besides };
    const { ports } = await keep(startNginx(nginx!, matrix.workshop, { site }));
    target = `good.test:${ports.site}`;
  });

  test.skipIf(!canServe)('a current client gets the good one', async () => {
    const outcome = await check(matrix, [target, '--address', '127.0.0.1']);
    expect(outcome).toMatchObject(await wanted({ ...fine, expires: made.leaf }));
  });

  test.skipIf(!canServe)('--both-key-types finds the other', async () => {
    const { code, records } = await runChecks(matrix, [target, '--address', '127.0.0.1', '--both-key-types']);
    const expired: Outcome = { status: 'critical', findings: ['expired critical 0'], probe: 'default' };
    const { code: good, ...ec } = await wanted({ ...fine, expires: made.leaf });
    const { code: bad, ...rsa } = await wanted({ ...expired, expires: made.expiredRsa });
    expect(code).toBe(Math.max(good, bad));
    const outcomes = records.map(found);
    expect(outcomes).toHaveLength(2);
    expect(outcomes.find(({ record }) => record.certificates[0]?.key_algorithm === 'ec')).toMatchObject(ec);
    expect(outcomes.find(({ record }) => record.certificates[0]?.key_algorithm === 'rsa')).toMatchObject(rsa);
  });
});

test.skipIf(!canServe).each(['TLSv1.2', 'TLSv1.3'] as const)(
  'the client certificate arrives, with its proof: %s',
  async (version) => {
    const seen: unknown[] = [];
    const server = await keep(
      startTlsServer(
        {
          key: readFileSync(made.direct.keyFile),
          cert: made.direct.pem,
          ca: matrix.authorities.root.pem,
          requestCert: true,
          maxVersion: version,
        },
        { onSecure: (socket) => seen.push([socket.authorized, socket.getPeerCertificate().subject.CN]) },
      ),
    );
    await check(matrix, [`good.test:${server.port}`, '--address', '127.0.0.1', ...presentIt()]);
    await expect.poll(() => seen).toEqual([[true, 'client']]);
  },
);

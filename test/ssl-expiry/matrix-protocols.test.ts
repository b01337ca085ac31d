import { readFileSync } from 'node:fs';
import { beforeAll, describe } from 'vitest';
import { smallDhParameters } from '../support/tls/dh-parameters.ts';
import { startTlsServer } from '../support/tls/node-server.ts';
import { startOpensslServer } from '../support/tls/openssl-server.ts';
import { startPacketLoser } from '../support/tls/raw-server.ts';
import { startUnboundServer, type UnboundBehaviour } from '../support/tls/unbound-server.ts';
import { chain, day, type CertificateOptions, type Issued } from '../support/tls/workshop.ts';
import {
  type Authorities,
  canServe,
  type Expected,
  type Row,
  type ServerRow,
  testRows,
  testServers,
  useMatrix,
} from './matrix.ts';

// Servers with which a current client cannot agree, or only just: the date is found all the same.

const matrix = useMatrix('matrix-protocols');
const { keep } = matrix.servers;

const leaves = {
  ec: {},
  rsa: { key: 'rsa:2048' },
  p224: { key: 'P-224' },
  dsa: { key: 'dsa:2048' },
  expired: { key: 'rsa:2048', from: -90 * day, until: -day },
} satisfies Record<string, CertificateOptions>;

type Made = Record<keyof typeof leaves | 'strange', Issued>;

let made: Made;
beforeAll(async () => {
  if (canServe) made = await make(matrix.workshop, matrix.authorities);
});

async function make(workshop: typeof matrix.workshop, { root, stranger }: Authorities): Promise<Made> {
  const named = Object.entries(leaves).map(async ([name, options]) => {
    return [name, await workshop.leaf({ names: ['good.test'], issuer: root, ...options })] as const;
  });
  const strange = await workshop.leaf({ names: ['good.test'], issuer: stranger, key: 'rsa:2048' });
  return { ...(Object.fromEntries(await Promise.all(named)) as Record<keyof typeof leaves, Issued>), strange };
}

type Outcome = Omit<Expected, 'expires'>;
const good: Outcome = { status: 'ok', findings: [], probe: 'default' };
const old: Outcome = { status: 'warning', findings: ['old-tls warning'], probe: 'permissive' };

const only = (protocols: string, leaf: keyof Made, outcome: Outcome): Row<Made> => ({
  site: (all) => ({ leaf: all[leaf], sent: chain(all[leaf], all.stranger), lines: [`ssl_protocols ${protocols};`] }),
  expected: (all) => ({ ...outcome, expires: all[leaf] }),
});

describe('versions of TLS', () => {
  testRows<Made>(matrix, async () => made, {
    'TLS 1.0 only': only('TLSv1', 'rsa', old),
    'TLS 1.1 only': only('TLSv1.1', 'ec', old),
    'TLS 1.0 and 1.1': only('TLSv1 TLSv1.1', 'ec', old),
    'TLS 1.2 only': only('TLSv1.2', 'ec', good),
    'TLS 1.3 only': only('TLSv1.3', 'ec', good),
    'TLS 1.0 to 1.3': only('TLSv1 TLSv1.1 TLSv1.2 TLSv1.3', 'ec', good),
    'TLS 1.0 only, expired': only('TLSv1', 'expired', {
      status: 'critical',
      findings: ['expired critical 0', 'old-tls warning'],
      probe: 'permissive',
    }),
    'TLS 1.0 only, of an unknown root': only('TLSv1', 'strange', {
      status: 'critical',
      findings: ['old-tls warning', 'untrusted critical'],
      probe: 'permissive',
    }),
    'TLS 1.0 only, asked with --ignore old-tls': {
      ...only('TLSv1', 'rsa', { ...old, status: 'ok', findings: ['old-tls note ignored'] }),
      words: () => ['--ignore', 'old-tls'],
    },
  });
});

const byOpenssl = (leaf: keyof Made, words: () => readonly string[], ciphers: string, outcome: Outcome): ServerRow => ({
  start: () => keep(startOpensslServer(made[leaf], words(), ciphers)),
  expected: () => ({ ...outcome, expires: made[leaf] }),
});
const unbound = (behaviour: UnboundBehaviour, outcome: Outcome, leaf: keyof Made = 'rsa'): ServerRow => ({
  start: () => keep(startUnboundServer(made[leaf], behaviour)),
  expected: () => ({ ...outcome, expires: made[leaf] }),
  words: () => (behaviour === 'hang' ? ['--connect-timeout', '1s'] : []),
});
const dh = () => ['-tls1_2', '-dhparam', matrix.workshop.file('dh.pem', smallDhParameters())];
const tls12 = () => ['-tls1_2'];

describe('handshakes', () => {
  testServers(matrix, {
    'DH with 1,024 bits': byOpenssl('rsa', dh, 'DHE', old),
    'DH with 1,024 bits, expired': byOpenssl('expired', dh, 'DHE', {
      status: 'critical',
      findings: ['expired critical 0', 'old-tls warning'],
    }),
    'RSA key exchange': byOpenssl('rsa', tls12, 'AES128-SHA', good),
    'TLS 1.0 of the openssl program': byOpenssl('rsa', () => ['-tls1'], 'ALL', old),
    'a key on the curve P-224, which no current client takes': byOpenssl('p224', tls12, 'ALL', {
      status: 'warning',
      findings: ['old-tls warning', 'trust-not-checked note'],
      probe: 'raw',
    }),
    'a DSA key, which OpenSSL still takes with TLS 1.2': byOpenssl('dsa', tls12, 'ALL', good),
    'no secure renegotiation': unbound('handshake', old),
    'no secure renegotiation, expired': unbound(
      'handshake',
      { ...old, status: 'critical', findings: ['expired critical 0', 'old-tls warning'] },
      'expired',
    ),
    'no secure renegotiation, and the handshake hangs': unbound('hang', {
      ...old,
      findings: ['old-tls warning'],
    }),
    'no secure renegotiation, and the handshake is reset': unbound('reset', {
      status: 'warning',
      findings: ['old-tls warning', 'trust-not-checked note'],
      probe: 'raw',
    }),
    'a large hello is lost on the way': {
      async start() {
        const server = await keep(startTlsServer(serverOf('ec')));
        return keep(startPacketLoser(server.port));
      },
      words: () => ['--connect-timeout', '2s'],
      expected: () => ({ ...good, expires: made.ec }),
    },
    'only a post-quantum key exchange': {
      start: () => keep(startTlsServer({ ...serverOf('ec'), ecdhCurve: 'X25519MLKEM768' })),
      expected: () => ({ ...good, expires: made.ec }),
    },
  });
});

function serverOf(leaf: keyof Made) {
  return { key: readFileSync(made[leaf].keyFile), cert: made[leaf].pem };
}

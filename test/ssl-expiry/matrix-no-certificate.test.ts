import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FindingCode } from '../../src/lib/tls/certificate-check.ts';
import { startBlackhole } from '../support/tls/blackhole.ts';
import { rawBehaviours, refusedPort, startRawServer } from '../support/tls/raw-server.ts';
import { type StarttlsBehaviour, startSmtpServer } from '../support/tls/smtp-server.ts';
import type { Issued } from '../support/tls/workshop.ts';
import { canServe, check, type ServerRow, testServers, useMatrix } from './matrix.ts';

// Where no certificate can be had: one clear finding, in time, and never `ok`.

const matrix = useMatrix('matrix-no-certificate');
const { keep } = matrix.servers;

let leaf: Issued;
beforeAll(async () => {
  if (canServe) leaf = await matrix.workshop.leaf({ names: ['good.test'], issuer: matrix.authorities.root });
});

const unknown = (start: ServerRow['start'], code: FindingCode): ServerRow => ({
  start,
  words: () => (code === 'timeout' ? ['--connect-timeout', '1s'] : []),
  expected: () => ({ status: 'unknown', findings: [`${code} unknown`] }),
});

const raw = (behaviour: keyof typeof rawBehaviours, code: FindingCode): ServerRow =>
  unknown(() => keep(startRawServer(rawBehaviours[behaviour])), code);

describe('something else than TLS', () => {
  testServers(matrix, {
    'plain http': raw('plain http', 'not-tls'),
    'the banner of ssh': raw('ssh banner', 'not-tls'),
    garbage: raw('garbage', 'not-tls'),
    'garbage in the form of a handshake': raw('garbage in a handshake record', 'handshake-failed'),
    '10 MB of garbage': raw('10 MB of garbage', 'not-tls'),
    'a certificate of 10 MB that never ends': raw('10 MB of certificate', 'handshake-failed'),
    silence: raw('silent', 'timeout'),
    'one byte after the other': raw('slow drip', 'timeout'),
    'a reset at once': raw('reset on accept', 'reset'),
    'a reset after the hello': raw('reset after hello', 'reset'),
    'an end at once': raw('end on accept', 'reset'),
    'an end after the hello': raw('end after hello', 'reset'),
    'an alert': raw('handshake_failure alert', 'handshake-failed'),
  });
});

const refused = async () => ({ port: await refusedPort() });

describe('nobody there', () => {
  testServers(matrix, {
    'a closed port': unknown(refused, 'unreachable'),
    'no answer at all': unknown(() => keep(startBlackhole()), 'timeout'),
    'a closed port, asked with --unreachable critical': {
      ...unknown(refused, 'unreachable'),
      words: () => ['--unreachable', 'critical'],
      expected: () => ({ status: 'critical', findings: ['unreachable critical'] }),
    },
    'a closed port, asked with --unreachable warning': {
      ...unknown(refused, 'unreachable'),
      words: () => ['--unreachable', 'warning'],
      expected: () => ({ status: 'warning', findings: ['unreachable warning'] }),
    },
    'a closed port, asked with --unreachable ok': {
      ...unknown(refused, 'unreachable'),
      words: () => ['--unreachable', 'ok'],
      expected: () => ({ status: 'ok', findings: ['unreachable note'] }),
    },
  });

  test.skipIf(!canServe)('a name that does not exist', async () => {
    const found = await check(matrix, ['nobody.invalid']);
    expect(found).toMatchObject({ code: 2, status: 'unknown', findings: ['dns unknown'], expires: undefined });
  });
});

const smtp = (behaviour: StarttlsBehaviour, code: FindingCode): ServerRow => ({
  ...unknown(() => keep(startSmtpServer(behaviour, contextOf(leaf))), code),
  scheme: 'smtp://',
});

describe('STARTTLS', () => {
  testServers(matrix, {
    'TLS after STARTTLS': {
      ...smtp('good', 'timeout'),
      expected: () => ({ status: 'ok', findings: [], expires: leaf, probe: 'default' }),
    },
    'the same with --starttls smtp': {
      ...smtp('good', 'timeout'),
      scheme: '',
      words: () => ['--starttls', 'smtp'],
      expected: () => ({ status: 'ok', findings: [], expires: leaf, probe: 'default' }),
    },
    'a mail server asked without STARTTLS': { ...smtp('good', 'not-tls'), scheme: '' },
    'not offered': smtp('not offered', 'starttls-not-offered'),
    'offered and then refused': smtp('refused', 'starttls-not-offered'),
    'offered, and then silence': smtp('hang', 'timeout'),
    'plain text behind the answer': smtp('plain text injected', 'not-tls'),
  });
});

function contextOf({ keyFile, pem }: Issued) {
  return createSecureContext({ key: readFileSync(keyFile), cert: pem });
}

describe('the deadline', () => {
  test.skipIf(!canServe).concurrent.each(['silent', 'slow drip', 'blackhole'] as const)(
    'holds for all attempts together: %s',
    async (name) => {
      const start = () => (name === 'blackhole' ? startBlackhole() : startRawServer(rawBehaviours[name]));
      const { port } = await keep(start());
      const words = [`127.0.0.1:${port}`, '--connect-timeout', '1s', '--retries', '3'];
      const { record } = await check(matrix, words);
      expect(record.took_ms).toBeGreaterThan(900);
      expect(record.took_ms).toBeLessThan(1_600);
    },
  );
});

import { describe, expect, test } from 'vitest';
import type { Certificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { judgeEndpoint } from '../../../../src/lib/tls/judge/judge-endpoint.ts';
import type { JudgeOptions } from '../../../../src/lib/tls/judge/judge-options.ts';
import { createKnownCertificates } from '../../../../src/lib/tls/judge/known-certificates.ts';
import type { Probe } from '../../../../src/lib/tls/probe/probe.ts';
import { ProbeFailure } from '../../../../src/lib/tls/probe-failure.ts';
import { createTrustStore } from '../../../../src/lib/tls/trust/trust-store.ts';
import { commonName, element, nameSet, sequence } from '../certificate/certificate-bytes.ts';
import { day, make, makeDer, makeKey } from '../trust/made-certificate.ts';
import { brief, judging } from './judging.ts';

const keys = { root: makeKey(), middle: makeKey(), leaf: makeKey(), other: makeKey() };
const from = { root: { subject: 'Root', key: keys.root }, middle: { subject: 'Middle', key: keys.middle } };
const long = { from: -day, until: 3650 * day };

const root = make({ ...from.root, isAuthority: true, ...long });
const middle = make({ ...from.middle, issuer: from.root, isAuthority: true, ...long });
const leaf = make({ subject: 'leaf.test', key: keys.leaf, issuer: from.middle, names: ['leaf.test'] });

interface Wish extends Partial<Omit<Probe, 'presented' | 'verification' | 'version'>> {
  /** Undefined: OpenSSL was not asked. */
  verification?: Probe['verification'] | undefined;
  version?: string | undefined;
  presented?: readonly (Certificate | Buffer)[];
  roots?: readonly Certificate[];
  name?: string;
  options?: Partial<JudgeOptions>;
}

function judge({ presented = [leaf, middle], roots = [root], name = 'leaf.test', options = {}, ...rest }: Wish = {}) {
  const { verification, version, ...others } = { verification: { code: undefined }, version: 'TLSv1.3', ...rest };
  const probe: Probe = {
    presented: presented.map((each) => (Buffer.isBuffer(each) ? each : each.der)),
    ...(verification === undefined ? {} : { verification }),
    ...(version === undefined ? {} : { version }),
    clientCertificateWanted: false,
    rung: 'default',
    ...others,
  };
  const trust = { store: createTrustStore(roots.map(({ der }) => der)), known: createKnownCertificates() };
  return judgeEndpoint(probe, name, trust, judging(options));
}

function briefly(wish: Wish = {}) {
  const { status, findings, trusted, nameMatches } = judge(wish);
  return { status, findings: findings.map(brief), trusted, nameMatches };
}

test('a good chain is ok, and every certificate of the path is told of in its place', () => {
  const { certificates, expiry, ...rest } = judge();
  expect(rest).toEqual({ status: 'ok', findings: [], trusted: true, nameMatches: true });
  expect(certificates.map(({ common_name, source, on_path }) => [common_name, source, on_path])).toEqual([
    ['leaf.test', 'presented', true],
    ['Middle', 'presented', true],
    ['Root', 'trust-store', true],
  ]);
  expect(expiry).toMatchObject({ expires_index: 0, left_pct: 98.9 });
});

describe('each element of the path counts with its own life', () => {
  test('a soon-expiring intermediate alarms although the leaf is fine', () => {
    const soon = make({ ...from.middle, issuer: from.root, isAuthority: true, from: -3000 * day, until: 20 * day });
    const { expiry, findings, status } = judge({ presented: [leaf, soon] });
    expect({ status, findings: findings.map(brief) }).toEqual({
      status: 'warning',
      findings: ['expires-warning warning 1'],
    });
    expect(expiry.expires_index).toBe(1);
  });

  test('a root of the trust store that expires alarms at the place behind what was presented', () => {
    const soon = make({ ...from.root, isAuthority: true, from: -3000 * day, until: 3 * day });
    const { expiry, findings, certificates } = judge({ roots: [soon] });
    expect(findings.map(brief)).toEqual(['expires-critical critical 2']);
    expect(expiry.expires_index).toBe(2);
    expect(certificates[2]).toMatchObject({ common_name: 'Root', source: 'trust-store' });
  });

  test('an expired cross-signed root that is sent and not needed is a note', () => {
    const cross = make({ ...from.root, issuer: { subject: 'Old', key: keys.other }, from: -900 * day, until: -day });
    const { status, findings, certificates, expiry } = judge({ presented: [leaf, middle, cross] });
    expect({ status, findings: findings.map(brief) }).toEqual({ status: 'ok', findings: ['expired-unused note 2'] });
    expect(certificates.map(({ on_path }) => on_path)).toEqual([true, true, false, true]);
    expect(expiry.expires_index).toBe(0);
  });

  test('an expired intermediate is said once, and is no matter of trust', () => {
    const expired = make({ ...from.middle, issuer: from.root, isAuthority: true, from: -900 * day, until: -day });
    expect(briefly({ presented: [leaf, expired], verification: { code: 'CERT_HAS_EXPIRED' } })).toEqual({
      status: 'critical',
      findings: ['expired critical 1'],
      trusted: true,
      nameMatches: true,
    });
  });
});

test('all findings are told of at once, the worst first', () => {
  const bad = make({ subject: 'bad.test', key: keys.leaf, issuer: from.middle, from: -90 * day, until: -day });
  const refusal = new ProbeFailure('handshake-failed', 'the server refused');
  expect(
    briefly({
      presented: [bad, root, middle],
      verification: { code: 'CERT_HAS_EXPIRED' },
      refusal,
      version: 'TLSv1.1',
      clientCertificateWanted: true,
      rung: 'permissive',
    }),
  ).toEqual({
    status: 'critical',
    findings: [
      'expired critical 0',
      'hostname-mismatch critical 0',
      'old-tls warning',
      'no-san warning 0',
      'client-certificate note',
      'chain-order note',
    ],
    trusted: true,
    nameMatches: false,
  });
});

describe('trust', () => {
  test('a forged issuer with the right name and key id is an incomplete chain', () => {
    const forged = make({ subject: 'Middle', key: keys.other, subjectKeyId: keys.middle.id, isAuthority: true });
    expect(
      briefly({ presented: [leaf, forged], verification: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' } }).findings,
    ).toEqual(['incomplete-chain critical 0']);
  });

  test('a chain that was only read is neither trusted nor untrusted', () => {
    const judged = judge({ verification: undefined, rung: 'raw' });
    expect({ ...judged, findings: judged.findings.map(brief) }).toMatchObject({
      status: 'ok',
      findings: ['trust-not-checked note'],
    });
    expect('trusted' in judged).toBe(false);
  });
});

describe('--expiry-only', () => {
  test('looks at dates alone', () => {
    const bad = make({ subject: 'bad.test', key: keys.leaf, issuer: from.middle, from: -90 * day, until: 5 * day });
    const judged = judge({
      presented: [bad],
      verification: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
      refusal: new ProbeFailure('handshake-failed', 'the server refused'),
      clientCertificateWanted: true,
      options: { expiryOnly: true },
    });
    expect(judged.findings.map(brief)).toEqual(['expires-critical critical 0']);
    expect(Object.keys(judged).toSorted()).toEqual(['certificates', 'expiry', 'findings', 'status']);
  });
});

describe('certificates that cannot be read', () => {
  test('without the server’s own nothing can be told, however good the others are', () => {
    const judged = judge({ presented: [Buffer.from('no certificate'), leaf, middle] });
    expect(judged).toMatchObject({ status: 'unknown', certificates: [], expiry: {} });
    expect(judged.findings.map(brief)).toEqual(['malformed unknown']);
    expect(judged.findings[0]!.message).toMatch(/^certificate 0 of the chain cannot be read: /);
  });

  test('a broken one behind it is told of, and the others count', () => {
    const judged = judge({ presented: [leaf, Buffer.alloc(3), middle] });
    expect(judged.findings.map(brief)).toEqual(['malformed unknown']);
    expect(judged.findings[0]!.message).toMatch(/^certificate 1 of the chain cannot be read: /);
    expect(judged.certificates.map(({ common_name }) => common_name)).toEqual(['leaf.test', 'Middle', 'Root']);
  });

  test('of nothing presented nothing is said, and nothing breaks', () => {
    expect(judge({ presented: [] })).toEqual({ status: 'ok', findings: [], expiry: {}, certificates: [] });
  });

  test('one that OpenSSL refuses where we read it is told of, with its date', () => {
    const name = sequence(nameSet([commonName, element(0x0c, Buffer.from([0x62, 0xe4, 0x64]))]));
    const odd = makeDer({
      subject: 'odd',
      subjectDer: name,
      key: keys.leaf,
      issuer: from.middle,
      names: ['leaf.test'],
    });
    const judged = judge({ presented: [odd, middle], rung: 'raw', verification: undefined });
    expect(judged.findings.map(brief)).toContain('malformed unknown 0');
    expect(judged.nameMatches).toBeUndefined();
    expect(judged.expiry.expires_index).toBe(0);
  });
});

test.each([
  ['TLSv1', 'the server speaks nothing newer than TLS 1.0'],
  ['TLSv1.1', 'the server speaks nothing newer than TLS 1.1'],
  ['TLSv1.2', 'a current client cannot connect'],
  [undefined, 'a current client cannot connect'],
])('why a current client cannot connect to a server of %s is told', (version, start) => {
  const refusal = new ProbeFailure('handshake-failed', 'the reason');
  const [found] = judge({ refusal, rung: 'permissive', version }).findings;
  expect(found).toMatchObject({ code: 'old-tls', message: `${start}: the reason` });
});

test('an authority that many servers send is read once', () => {
  const known = createKnownCertificates();
  expect(known.read(Buffer.from(middle.der))).toBe(known.read(Buffer.from(middle.der)));
  expect(known.read(Buffer.from(leaf.der))).not.toBe(known.read(Buffer.from(leaf.der)));
  const authority = known.read(middle.der);
  const onPath = known.facts(authority, 'presented', true);
  expect(known.facts(authority, 'presented', true)).toEqual(onPath);
  expect(known.facts(authority, 'presented', false)).toEqual({ ...onPath, on_path: false });
  expect(known.facts(authority, 'trust-store', true)).toEqual({ ...onPath, source: 'trust-store' });
  expect(known.facts(authority, 'presented', true)).toEqual(onPath);
});

test('a thousand certificates from one server are judged in no time', () => {
  const many = Array.from({ length: 1_000 }, (_, serial) =>
    make({ subject: 'Middle', key: keys.other, issuer: from.root, isAuthority: true, serial, subjectKeyId: 'none' }),
  );
  const started = performance.now();
  const verification = { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' };
  expect(briefly({ presented: [leaf, ...many], verification }).trusted).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});

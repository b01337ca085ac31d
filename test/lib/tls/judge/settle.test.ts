import { describe, expect, test } from 'vitest';
import { type FindingCode, findingSeverities } from '../../../../src/lib/tls/certificate-check.ts';
import { finding } from '../../../../src/lib/tls/judge/finding.ts';
import type { JudgeOptions } from '../../../../src/lib/tls/judge/judge-options.ts';
import { expiryFacts, settle } from '../../../../src/lib/tls/judge/settle.ts';
import { day, make, makeKey, now } from '../trust/made-certificate.ts';
import { brief, judging } from './judging.ts';

const codes = Object.keys(findingSeverities) as FindingCode[];

function settled(found: readonly FindingCode[], options: Partial<JudgeOptions> = {}) {
  const { status, findings } = settle(
    found.map((code) => finding(code, 'words')),
    judging(options),
  );
  return { status, findings: findings.map(brief) };
}

describe('the status is the worst of what counts', () => {
  test.each([
    [[], 'ok'],
    [['chain-order', 'client-certificate', 'expired-unused', 'trust-not-checked'], 'ok'],
    [['chain-order', 'weak-key'], 'warning'],
    [['weak-key', 'malformed'], 'unknown'],
    [['weak-key', 'malformed', 'expired', 'chain-order'], 'critical'],
    [['timeout'], 'unknown'],
  ] as const)('of %j it is %s', (found, status) => {
    expect(settled(found).status).toBe(status);
    expect(settled(found.toReversed()).status).toBe(status);
  });

  test('the worst stands first, and equals in the order in which they were found', () => {
    expect(settled(['chain-order', 'weak-key', 'old-tls', 'malformed', 'untrusted', 'expired']).findings).toEqual([
      'untrusted critical',
      'expired critical',
      'malformed unknown',
      'weak-key warning',
      'old-tls warning',
      'chain-order note',
    ]);
  });

  test('every code alone gives the status of its own severity', () => {
    for (const code of codes) {
      const severity = findingSeverities[code];
      expect([code, settled([code]).status]).toEqual([code, severity === 'note' ? 'ok' : severity]);
    }
  });
});

describe('findings that shall not count', () => {
  test('--ignore makes notes of the named codes and of no others', () => {
    expect(settled(['expired', 'weak-key'], { ignoreCodes: new Set(['expired']) })).toEqual({
      status: 'warning',
      findings: ['weak-key warning', 'expired note (--ignore)'],
    });
  });

  test('a note that is ignored stays the note that it was', () => {
    expect(settled(['chain-order'], { ignoreCodes: new Set(['chain-order']), ignore: {} }).findings).toEqual([
      'chain-order note',
    ]);
  });

  test('the inventory ignores everything, or only the codes that it names', () => {
    expect(settled(['expired', 'timeout'], { ignore: {} })).toEqual({
      status: 'ok',
      findings: ['expired note (inventory)', 'timeout note (inventory)'],
    });
    expect(settled(['expired', 'weak-key'], { ignore: { codes: ['weak-key'] } })).toEqual({
      status: 'critical',
      findings: ['expired critical', 'weak-key note (inventory)'],
    });
    expect(settled(['expired'], { ignore: { codes: [] } }).status).toBe('critical');
  });

  test('until its date and not a second longer', () => {
    const until = Date.UTC(2027, 0, 1) / 1000;
    const ignored = { status: 'ok', findings: ['expired note (until 2027-01-01T00:00:00Z)'] };
    const counts = { status: 'critical', findings: ['expired critical'] };
    expect(settled(['expired'], { ignore: { until }, now: until - 1 })).toEqual(ignored);
    expect(settled(['expired'], { ignore: { until }, now: until - 0.001 })).toEqual(ignored);
    expect(settled(['expired'], { ignore: { until }, now: until })).toEqual(counts);
    expect(settled(['expired'], { ignore: { until }, now: until + 1 })).toEqual(counts);
  });

  test('the finding itself is left as it was', () => {
    const found = finding('expired', 'words', { index: 1, hint: 'renew it' });
    const [ignored] = settle([found], judging({ ignore: {} })).findings;
    expect(ignored).toEqual({ ...found, severity: 'note', ignored: 'inventory' });
    expect(found.severity).toBe('critical');
  });
});

describe('--unreachable', () => {
  const unreachable = [
    'dns',
    'unreachable',
    'timeout',
    'reset',
    'not-tls',
    'sni-refused',
    'starttls-not-offered',
    'handshake-failed',
  ] as const;

  test.each([
    ['ok', 'note', 'ok'],
    ['warning', 'warning', 'warning'],
    ['critical', 'critical', 'critical'],
    ['unknown', 'unknown', 'unknown'],
  ] as const)('%s makes a %s of what kept a server from being asked', (option, severity, status) => {
    for (const code of unreachable) {
      expect(settled([code], { unreachable: option })).toEqual({ status, findings: [`${code} ${severity}`] });
    }
  });

  test('is no matter of a file or certificate that cannot be read, nor of anything else', () => {
    for (const code of codes.filter((each) => !(unreachable as readonly string[]).includes(each))) {
      expect(settled([code], { unreachable: 'ok' })).toEqual(settled([code]));
      expect(settled([code], { unreachable: 'critical' })).toEqual(settled([code]));
    }
  });

  test('does not bring back what is ignored', () => {
    expect(settled(['timeout'], { unreachable: 'critical', ignoreCodes: new Set(['timeout']) }).status).toBe('ok');
    expect(settled(['timeout'], { unreachable: 'critical', ignore: {} }).status).toBe('ok');
  });
});

describe('the first that expires', () => {
  const certificate = make({ subject: 'one.test', key: makeKey() });
  const element = (index: number, from: number, until: number) => ({
    certificate: { ...certificate, notBefore: now + from, notAfter: now + until },
    index,
  });
  const facts = (...elements: ReturnType<typeof element>[]) => expiryFacts(elements, judging());

  test('is the one that counts, wherever it stands', () => {
    const first = { left_seconds: 30 * day, left_pct: 33.3, expires_index: 1 };
    expect(facts(element(0, -30 * day, 60 * day), element(1, -60 * day, 30 * day))).toMatchObject(first);
    expect(facts(element(1, -60 * day, 30 * day), element(0, -30 * day, 60 * day))).toMatchObject(first);
  });

  test('what is over has less than nothing left, and no share', () => {
    expect(facts(element(0, -30 * day, -day))).toMatchObject({ left_seconds: -day, left_pct: 0 });
  });

  test('what has not begun has all of its life left and no more', () => {
    expect(facts(element(0, day, 91 * day))).toMatchObject({ left_seconds: 91 * day, left_pct: 100 });
  });

  test('a life of no length, or less, is no division by zero', () => {
    expect(facts(element(0, day, day))).toMatchObject({ left_pct: 0 });
    expect(facts(element(0, 2 * day, day))).toMatchObject({ left_pct: 0 });
  });

  test('a fraction of a second is not rounded up, and the date is told to the second', () => {
    const elements = [element(0, -day, day)];
    expect(expiryFacts(elements, judging({ now: now + 0.25 })).left_seconds).toBe(day - 1);
    expect(expiryFacts(elements, judging()).expires).toBe(
      new Date((now + day) * 1000).toISOString().replace('.000', ''),
    );
  });

  test('the windows are those of the certificate that expires first, and absent where they are switched off', () => {
    const elements = [element(0, -398 * day, 60 * day), element(1, -37 * day, 10 * day)];
    expect(expiryFacts(elements, judging())).toMatchObject({
      expires_index: 1,
      warn_seconds: 11.75 * day,
      crit_seconds: 4.7 * day,
    });
    const off = expiryFacts(elements, judging({ warn: [], crit: [] }));
    expect(Object.keys(off)).toEqual(['expires', 'left_seconds', 'left_pct', 'expires_index']);
  });

  test('of nothing there is nothing to tell', () => {
    expect(facts()).toEqual({});
  });
});

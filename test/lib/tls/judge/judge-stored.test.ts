import { describe, expect, test } from 'vitest';
import type { Certificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { judgeStored } from '../../../../src/lib/tls/judge/judge-stored.ts';
import type { JudgeOptions } from '../../../../src/lib/tls/judge/judge-options.ts';
import type { StoreProblem } from '../../../../src/lib/tls/store/stored-certificates.ts';
import { createTrustStore } from '../../../../src/lib/tls/trust/trust-store.ts';
import { day, make, makeKey, type Wish } from '../trust/made-certificate.ts';
import { brief, judging } from './judging.ts';

const keys = { root: makeKey(), middle: makeKey(), leaf: makeKey(), other: makeKey() };
const issuer = { root: { subject: 'Root', key: keys.root }, middle: { subject: 'Middle', key: keys.middle } };
const long = { from: -day, until: 3650 * day };

const rootOf = (wish: Partial<Wish> = {}) => make({ ...issuer.root, isAuthority: true, ...long, ...wish });
const middleOf = (wish: Partial<Wish> = {}) =>
  make({ ...issuer.middle, issuer: issuer.root, isAuthority: true, ...long, ...wish });
const leafOf = (wish: Partial<Wish> = {}) =>
  make({ subject: 'leaf.test', key: keys.leaf, issuer: issuer.middle, names: ['leaf.test'], ...wish });

const expired = { from: -90 * day, until: -day };
const soon = { from: -3000 * day, until: 20 * day };

function judge(
  certificates: readonly Certificate[],
  { problem, roots = [], ...options }: Partial<JudgeOptions> & { problem?: StoreProblem; roots?: Certificate[] } = {},
) {
  const stored = {
    subject: 'file.pem',
    format: 'pem' as const,
    certificates,
    ...(problem === undefined ? {} : { problem }),
  };
  const judged = judgeStored(stored, createTrustStore(roots.map(({ der }) => der)), judging(options));
  return {
    status: judged.status,
    findings: judged.findings.map(brief),
    counted: judged.certificates.flatMap(({ on_path }, index) => (on_path ? index : [])),
    expires: judged.expiry.expires_index,
    judged,
  };
}

test('a good chain is ok, and told of in the order of the file', () => {
  const { judged, ...rest } = judge([leafOf(), middleOf(), rootOf()]);
  expect(rest).toEqual({ status: 'ok', findings: [], counted: [0, 1, 2], expires: 0 });
  expect(judged.certificates.map(({ source, common_name }) => [source, common_name])).toEqual([
    ['file', 'leaf.test'],
    ['file', 'Middle'],
    ['file', 'Root'],
  ]);
  expect('trusted' in judged || 'nameMatches' in judged).toBe(false);
});

test('neither a missing issuer nor a strange root nor the order is a fault of a file', () => {
  expect(judge([leafOf()])).toMatchObject({ status: 'ok', findings: [], counted: [0] });
  expect(judge([rootOf(), leafOf(), middleOf()])).toMatchObject({ status: 'ok', findings: [], counted: [0, 1, 2] });
});

test('every certificate of the chain counts', () => {
  expect(judge([leafOf(), middleOf(soon), rootOf()])).toMatchObject({
    status: 'warning',
    findings: ['expires-warning warning 1'],
    expires: 1,
  });
  expect(judge([leafOf(), middleOf(), rootOf(expired)])).toMatchObject({
    findings: ['expired critical 2'],
    expires: 2,
  });
});

test('what only the trust store of this machine has is no part of the file', () => {
  const root = rootOf(soon);
  expect(judge([leafOf(), middleOf()], { roots: [root] })).toMatchObject({ status: 'ok', counted: [0, 1], expires: 0 });
  expect(judge([leafOf(), middleOf(), root], { roots: [root] })).toMatchObject({
    findings: ['expires-warning warning 2'],
    counted: [0, 1, 2],
  });
});

test('in a bundle of roots each of them counts, namesakes too', () => {
  const roots = Array.from({ length: 100 }, (_, index) => {
    const until = index === 40 ? -day : index === 60 ? 20 * day : 3650 * day;
    return make({
      subject: `Root ${index % 90}`,
      key: keys.root,
      isAuthority: true,
      until,
      from: -3000 * day,
      serial: index,
    });
  });
  expect(judge(roots)).toMatchObject({
    status: 'critical',
    findings: ['expired critical 40', 'expires-warning warning 60'],
    counted: roots.map((_, index) => index),
    expires: 40,
  });
});

describe('what is in the file and in use', () => {
  test('two leaves of one authority both count', () => {
    const other = leafOf({ subject: 'other.test', key: keys.other, ...expired });
    expect(judge([leafOf(), other, middleOf()])).toMatchObject({
      findings: ['expired critical 1'],
      counted: [0, 1, 2],
    });
  });

  test('a renewed certificate beside the old one: both count, for who knows which of them is presented', () => {
    expect(judge([leafOf(), leafOf({ ...expired, serial: 2 })])).toMatchObject({
      findings: ['expired critical 1'],
      counted: [0, 1],
    });
  });

  test('an expired cross-signed root beside the current one is a note', () => {
    const cross = rootOf({ issuer: { subject: 'Old Root', key: keys.other }, ...expired });
    expect(judge([leafOf(), middleOf(), cross, rootOf()])).toMatchObject({
      status: 'ok',
      findings: ['expired-unused note 2'],
      counted: [0, 1, 3],
    });
  });

  test('an expired cross-signed root that the only path goes through counts', () => {
    const cross = rootOf({ issuer: { subject: 'Old Root', key: keys.other }, ...expired });
    expect(judge([leafOf(), middleOf(), cross])).toMatchObject({
      findings: ['expired critical 2'],
      counted: [0, 1, 2],
    });
  });

  test('certificates that have issued each other in a circle all count', () => {
    const a = { subject: 'A', key: keys.root };
    const b = { subject: 'B', key: keys.middle };
    const circle = [make({ ...a, issuer: b, ...expired }), make({ ...b, issuer: a, ...expired })];
    expect(judge(circle)).toMatchObject({ findings: ['expired critical 0', 'expired critical 1'], counted: [0, 1] });
  });

  test('one certificate twice is no harm', () => {
    const leaf = leafOf();
    expect(judge([leaf, leaf, middleOf(), middleOf()])).toMatchObject({ status: 'ok', findings: [], expires: 0 });
  });

  test('a self-signed one alone is fine as long as it lasts, and its own signature is not looked at', () => {
    const own = make({ subject: 'own.test', key: keys.leaf });
    expect(judge([own])).toMatchObject({ status: 'ok', findings: [] });
    expect(judge([{ ...own, signatureAlgorithm: 'sha1WithRSAEncryption' }]).findings).toEqual([]);
    expect(judge([{ ...leafOf(), signatureAlgorithm: 'sha1WithRSAEncryption' }]).findings).toEqual([
      'weak-signature warning 0',
    ]);
  });
});

describe('a problem of the file', () => {
  const problem = { code: 'malformed', message: 'one block cannot be read', hint: 'look at it' } as const;

  test('is told of beside what could be read', () => {
    expect(judge([leafOf(expired)], { problem })).toMatchObject({
      status: 'critical',
      findings: ['expired critical 0', 'malformed unknown'],
    });
  });

  test('alone is unknown, whatever --unreachable says', () => {
    for (const unreachable of ['ok', 'critical'] as const) {
      const { status, findings, judged } = judge([], { problem, unreachable });
      expect({ status, findings }).toEqual({ status: 'unknown', findings: ['malformed unknown'] });
      expect(judged).toMatchObject({ expiry: {}, certificates: [] });
    }
  });

  test('can be ignored by code', () => {
    expect(judge([], { problem, ignoreCodes: new Set(['malformed']) })).toMatchObject({ status: 'ok' });
  });
});

test('with --expiry-only dates are all that is looked at', () => {
  const weak = { ...leafOf(), signatureAlgorithm: 'sha1WithRSAEncryption' };
  const cross = rootOf({ issuer: { subject: 'Old Root', key: keys.other }, ...expired });
  expect(judge([weak, middleOf(), cross, rootOf()], { expiryOnly: true }).findings).toEqual([]);
});

describe('large files take no longer than they must', () => {
  const timed = (certificates: readonly Certificate[]) => {
    const started = performance.now();
    const { counted } = judge(certificates);
    return { counted: counted.length, isQuick: performance.now() - started < 2_000 };
  };
  const template = leafOf();

  test('10,000 unrelated certificates', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => {
      const subject = { ...template.subject, key: `subject ${index}` };
      return { ...template, subject, issuer: { ...template.issuer, key: `issuer ${index}` } };
    });
    expect(timed(many)).toEqual({ counted: 10_000, isQuick: true });
  });

  test('10,000 leaves of one authority', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      ...template,
      subject: { ...template.subject, key: `subject ${index}` },
    }));
    expect(timed([...many, middleOf()])).toEqual({ counted: 10_001, isQuick: true });
  });

  test('as many certificates with one name as a Secret can hold, none of which has issued itself', () => {
    const many = Array.from({ length: 2_500 }, (_, index) => ({
      ...template,
      issuer: template.subject,
      subjectKeyId: `subject ${index}`,
      authorityKeyId: `issuer ${index}`,
    }));
    expect(timed(many)).toEqual({ counted: 2_500, isQuick: true });
  });

  test('1,000 leaves below 1,000 authorities with one name', () => {
    const leaves = Array.from({ length: 1_000 }, (_, index) => ({
      ...template,
      subject: { ...template.subject, key: `subject ${index}` },
    }));
    const middle = middleOf();
    const authorities = Array.from({ length: 1_000 }, (_, index) => ({ ...middle, subjectKeyId: `key ${index}` }));
    expect(timed([...leaves, ...authorities])).toMatchObject({ isQuick: true });
  });
});

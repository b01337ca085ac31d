import { describe, expect, test } from 'vitest';
import type { FindingCode } from '../../../../src/lib/tls/certificate-check.ts';
import { finding } from '../../../../src/lib/tls/judge/finding.ts';
import { judgeTrust } from '../../../../src/lib/tls/judge/trust-findings.ts';
import type { CertificationPath } from '../../../../src/lib/tls/trust/certification-path.ts';
import { clientAuth, make, makeKey } from '../trust/made-certificate.ts';
import { brief } from './judging.ts';

const key = makeKey();
const root = make({ subject: 'Root', key, isAuthority: true });
const middle = make({ subject: 'Middle', key, issuer: { subject: 'Root', key }, isAuthority: true });
const leaf = make({ subject: 'leaf.test', key, issuer: { subject: 'Middle', key } });

const paths = {
  'to a trusted root': {
    elements: [
      { certificate: leaf, presentedAt: 0 },
      { certificate: middle, presentedAt: 1 },
      { certificate: root, presentedAt: undefined },
    ],
    end: 'root',
  },
  'to a strange root': {
    elements: [
      { certificate: leaf, presentedAt: 0 },
      { certificate: middle, presentedAt: 1 },
      { certificate: root, presentedAt: 2 },
    ],
    end: 'self-signed',
  },
  'of a self-signed one': { elements: [{ certificate: root, presentedAt: 0 }], end: 'self-signed' },
  'that lacks the first issuer': { elements: [{ certificate: leaf, presentedAt: 0 }], end: 'unknown-issuer' },
  'that lacks a later issuer': {
    elements: [
      { certificate: leaf, presentedAt: 0 },
      { certificate: middle, presentedAt: 1 },
    ],
    end: 'unknown-issuer',
  },
} satisfies Record<string, CertificationPath>;

type PathName = keyof typeof paths;

/** `code`: OpenSSL's word, `ok` when it trusts the chain, or `not asked`. */
function judged(path: PathName, code: string, others: readonly FindingCode[] = []) {
  const verification = code === 'not asked' ? undefined : { code: code === 'ok' ? undefined : code };
  const { trusted, findings } = judgeTrust(
    paths[path],
    verification,
    others.map((other) => finding(other, 'words')),
  );
  return { trusted, findings: findings.map(brief) };
}

const trusted = { trusted: true, findings: [] };
const refused = (found: string) => ({ trusted: false, findings: [found] });

/** What the end of the path says, whatever OpenSSL calls it. */
const ends: readonly (readonly [PathName, string])[] = [
  ['to a strange root', 'untrusted critical 2'],
  ['of a self-signed one', 'self-signed critical 0'],
  ['that lacks the first issuer', 'incomplete-chain critical 0'],
  ['that lacks a later issuer', 'untrusted critical 1'],
];

const words = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'INVALID_PURPOSE',
  'EE_KEY_TOO_SMALL',
  'CA_KEY_TOO_SMALL',
  'CA_MD_TOO_WEAK',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'PERMITTED_SUBTREE_VIOLATION',
  'UNSPECIFIED',
] as const;

const everyFinding: readonly FindingCode[] = ['expired', 'not-yet-valid', 'wrong-usage', 'weak-key', 'weak-signature'];

test.each(ends)('a path %s is refused for that, whatever else OpenSSL says and others explain', (path, found) => {
  for (const code of words) {
    expect([code, judged(path, code)]).toEqual([code, refused(found)]);
    expect([code, judged(path, code, everyFinding)]).toEqual([code, refused(found)]);
  }
  expect(judged(path, 'not asked')).toEqual(refused(found));
});

test('what OpenSSL trusts is trusted, whatever we make of the path', () => {
  for (const path of Object.keys(paths) as PathName[]) {
    expect(judged(path, 'ok')).toEqual(trusted);
    expect(judged(path, 'ok', everyFinding)).toEqual(trusted);
  }
});

describe('a path to a trusted root', () => {
  test.each([
    ['CERT_HAS_EXPIRED', 'expired'],
    ['CERT_NOT_YET_VALID', 'not-yet-valid'],
    ['INVALID_PURPOSE', 'wrong-usage'],
  ] as const)('that OpenSSL refuses with %s is trusted where %s says the same', (code, explanation) => {
    expect(judged('to a trusted root', code, [explanation])).toEqual(trusted);
    expect(judged('to a trusted root', code, ['no-san', explanation])).toEqual(trusted);
  });

  test.each(words)('that OpenSSL refuses with %s is not trusted where nothing explains it', (code) => {
    expect(judged('to a trusted root', code)).toEqual(refused('untrusted critical 0'));
    expect(judged('to a trusted root', code, ['no-san', 'hostname-mismatch', 'expires-critical'])).toEqual(
      refused('untrusted critical 0'),
    );
  });

  test('is not trusted for an explanation of something else', () => {
    expect(judged('to a trusted root', 'CERT_HAS_EXPIRED', ['weak-key', 'wrong-usage', 'not-yet-valid'])).toEqual(
      refused('untrusted critical 0'),
    );
    expect(judged('to a trusted root', 'UNSPECIFIED', ['expired'])).toEqual(refused('untrusted critical 0'));
    for (const code of ['CERT_SIGNATURE_FAILURE', 'INVALID_CA', 'CERT_REVOKED', 'PERMITTED_SUBTREE_VIOLATION']) {
      expect(judged('to a trusted root', code, everyFinding)).toEqual(refused('untrusted critical 0'));
    }
  });

  test('is not trusted when its weakness may hide something else: that is asked again with the bars lowered', () => {
    for (const code of ['EE_KEY_TOO_SMALL', 'CA_KEY_TOO_SMALL', 'CA_MD_TOO_WEAK', 'UNSPECIFIED']) {
      expect(judged('to a trusted root', code, everyFinding)).toEqual(refused('untrusted critical 0'));
    }
  });

  test.each([
    ['is no authority', { isAuthority: false }],
    ['may issue for clients alone', { usage: [clientAuth] }],
  ])('whose issuer %s is not trusted for being expired as well', (_, wish) => {
    const issuer = make({ subject: 'Middle', key, issuer: { subject: 'Root', key }, isAuthority: true, ...wish });
    const elements = [leaf, issuer, root].map((certificate, presentedAt) => ({ certificate, presentedAt }));
    const expired = [finding('expired', 'words')];
    const outcome = judgeTrust({ elements, end: 'root' }, { code: 'CERT_HAS_EXPIRED' }, expired);
    expect({ ...outcome, findings: outcome.findings.map(brief) }).toEqual(refused('untrusted critical 0'));
  });

  test('that nobody has verified is not called trusted', () => {
    expect(judged('to a trusted root', 'not asked')).toEqual({
      trusted: undefined,
      findings: ['trust-not-checked note'],
    });
  });
});

test('the words name who is missing, and how to mend it', () => {
  const said = (path: PathName) => {
    const [{ message, hint } = { message: '', hint: '' }] = judgeTrust(
      paths[path],
      { code: 'CERT_UNTRUSTED' },
      [],
    ).findings;
    return `${message} | ${hint}`;
  };
  expect(said('that lacks the first issuer')).toBe(
    "the server does not send the certificate of the issuer 'Middle', which is no root that is trusted here | " +
      'install the full chain on the server; for a CA of your own, --ca FILE trusts it',
  );
  expect(said('that lacks a later issuer')).toContain(
    "the chain ends in 'Middle', whose issuer 'Root' is neither sent nor trusted here",
  );
  expect(said('to a strange root')).toContain("the chain ends in 'Root', a root that is not trusted here");
  expect(said('to a trusted root')).toContain('OpenSSL does not trust the chain: CERT_UNTRUSTED');
});

import { describe } from 'vitest';
import { chain, day, type CertificateOptions, type Issued } from '../support/tls/workshop.ts';
import { type Authorities, type Expected, type Row, testRows, useMatrix } from './matrix.ts';

// Keys, signatures and usages. OpenSSL refuses some of these chains as a whole: that is no word on trust.

const matrix = useMatrix('matrix-strength');

const leaves = {
  rsa1024: { key: 'rsa:1024' },
  sha1: { digest: 'sha1' },
  sha1Rsa1024: { key: 'rsa:1024', digest: 'sha1' },
  clientOnly: { usage: ['clientAuth'] },
  bothUsages: { usage: ['serverAuth', 'clientAuth'] },
  anyUsage: { usage: [] },
  expiredWeak: { key: 'rsa:1024', from: -90 * day, until: -day, usage: ['clientAuth'] },
} satisfies Record<string, CertificateOptions>;

const others = {
  version1: { commonName: 'good.test', version1: true },
} satisfies Record<string, CertificateOptions>;

type Made = Record<
  keyof typeof leaves | keyof typeof others | 'sha1Intermediate' | 'ofSha1' | 'sha1Root' | 'ofSha1Root' | 'allWrong',
  Issued
>;

async function make(workshop: typeof matrix.workshop, { root, intermediate, stranger }: Authorities): Promise<Made> {
  const leafOf = (issuer: Issued, options: CertificateOptions = {}) =>
    workshop.leaf({ names: ['good.test'], issuer, ...options });
  const named = Object.entries({ ...leaves, ...others }).map(async ([name, options]) => {
    const names = Object.hasOwn(others, name) ? { names: [] } : {};
    return [name, await leafOf(intermediate, { ...options, ...names })] as const;
  });
  const [sha1Intermediate, sha1Root] = await Promise.all([
    workshop.authority('SHA-1 Intermediate', { issuer: root, digest: 'sha1' }),
    workshop.authority('SHA-1 Root', { digest: 'sha1' }),
  ]);
  return {
    ...(Object.fromEntries(await Promise.all(named)) as Record<keyof typeof leaves | keyof typeof others, Issued>),
    sha1Intermediate,
    sha1Root,
    ofSha1: await leafOf(sha1Intermediate),
    ofSha1Root: await leafOf(sha1Root),
    allWrong: await leafOf(stranger, { ...leaves.expiredWeak, digest: 'sha1', names: ['wrong.test'] }),
  };
}

type Name = keyof Made | keyof Authorities;

function row(sent: readonly [Name, ...Name[]], status: Expected['status'], ...findings: string[]): Row<Made> {
  return {
    site: (made) => ({ leaf: made[sent[0]], sent: chain(...sent.map((name) => made[name])) }),
    expected: (made) => ({ status, findings, expires: made[sent[0]], probe: 'default' }),
  };
}

describe('the strength', () => {
  testRows<Made>(matrix, make, {
    'an RSA key of 1,024 bits': row(['rsa1024', 'intermediate'], 'warning', 'weak-key warning 0'),
    'a signature with SHA-1': row(['sha1', 'intermediate'], 'warning', 'weak-signature warning 0'),
    'both of them': row(['sha1Rsa1024', 'intermediate'], 'warning', 'weak-key warning 0', 'weak-signature warning 0'),
    'an intermediate signed with SHA-1': row(['ofSha1', 'sha1Intermediate'], 'warning', 'weak-signature warning 1'),
    'a root signed with SHA-1, which is trusted whatever it says': {
      ...row(['ofSha1Root'], 'ok'),
      words: (made) => ['--ca', made.sha1Root.certificateFile],
    },
    'for clients only': row(['clientOnly', 'intermediate'], 'warning', 'wrong-usage warning'),
    'for servers and clients': row(['bothUsages', 'intermediate'], 'ok'),
    'for any usage': row(['anyUsage', 'intermediate'], 'ok'),
    'version 1, without extensions': row(['version1', 'intermediate'], 'warning', 'no-san warning'),
    'expired, weak and for clients: all of it is told': row(
      ['expiredWeak', 'intermediate'],
      'critical',
      'expired critical 0',
      'weak-key warning 0',
      'wrong-usage warning',
    ),
    'an RSA key of 1,024 bits of an unknown root': row(
      ['allWrong', 'stranger'],
      'critical',
      'expired critical 0',
      'hostname-mismatch critical',
      'untrusted critical',
      'weak-key warning 0',
      'weak-signature warning 0',
      'wrong-usage warning',
    ),
  });
});

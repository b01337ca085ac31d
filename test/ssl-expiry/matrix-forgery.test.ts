import { describe } from 'vitest';
import { chain, day, type CertificateOptions, type Issued } from '../support/tls/workshop.ts';
import { type Authorities, type Row, testRows, useMatrix } from './matrix.ts';

// Chains of somebody who must not issue certificates. A lesser fault of the same chain, which OpenSSL may tell of
// instead, must not hide that.

const matrix = useMatrix('matrix-forgery');

const faults = {
  'no other fault': { options: {}, findings: [] },
  'an RSA key of 1,024 bits': { options: { key: 'rsa:1024' }, findings: ['weak-key warning 0'] },
  'a signature with SHA-1': { options: { digest: 'sha1' }, findings: ['weak-signature warning 0'] },
  expired: { options: { from: -90 * day, until: -day }, findings: ['expired critical 0'] },
  'not yet valid': { options: { from: day }, findings: ['not-yet-valid critical 0'] },
  'for clients only': { options: { usage: ['clientAuth'] }, findings: ['wrong-usage warning'] },
} satisfies Record<string, { options: CertificateOptions; findings: readonly string[] }>;

type Fault = keyof typeof faults;
const faultNames = Object.keys(faults) as Fault[];

const issuers = ['server', 'notForSigning', 'forOthers', 'below'] as const;
type Issuer = (typeof issuers)[number];

type Made = Record<
  Issuer | 'short' | `${Issuer} ${Fault}` | 'impostor' | 'ofImpostor' | 'forged' | 'forgedExpired',
  Issued
>;

async function make(workshop: typeof matrix.workshop, { root }: Authorities): Promise<Made> {
  const [server, notForSigning, forOthers, short, impostor, twin] = await Promise.all([
    workshop.leaf({ commonName: 'Server', names: ['server.test'], issuer: root }),
    workshop.authority('No Signing', { issuer: root, extensions: { keyUsage: 'critical, digitalSignature' } }),
    workshop.authority('For Others', {
      issuer: root,
      extensions: { nameConstraints: 'critical, permitted;DNS:other.test' },
    }),
    workshop.authority('Short', { issuer: root, extensions: { basicConstraints: 'critical, CA:TRUE, pathlen:0' } }),
    workshop.authority('Matrix Root'),
    workshop.authority('Matrix Intermediate'),
  ]);
  const below = await workshop.authority('Below', { issuer: short });
  const signing: Record<Issuer, Issued> = { server, notForSigning, forOthers, below };
  const leaves = issuers.flatMap((issuer) =>
    faultNames.map(async (fault) => {
      const leaf = await workshop.leaf({ names: ['good.test'], issuer: signing[issuer], ...faults[fault].options });
      return [`${issuer} ${fault}`, leaf] as const;
    }),
  );
  const forged = { names: ['good.test'], issuer: twin, extensions: { authorityKeyIdentifier: 'none' } };
  return {
    ...(Object.fromEntries(await Promise.all(leaves)) as Record<`${Issuer} ${Fault}`, Issued>),
    ...signing,
    short,
    impostor,
    ofImpostor: await workshop.leaf({ names: ['good.test'], issuer: impostor }),
    forged: await workshop.leaf(forged),
    forgedExpired: await workshop.leaf({ ...forged, from: -90 * day, until: -day }),
  };
}

function row(sent: readonly (keyof Made | keyof Authorities)[], ...findings: string[]): Row<Made> {
  return {
    site: (made) => ({ leaf: made[sent[0]!], sent: chain(...sent.map((name) => made[name])) }),
    expected: (made) => ({ status: 'critical', findings, expires: made[sent[0]!], probe: 'default' }),
  };
}

/** The same forgery with each of the faults. */
const each = (what: string, issuer: Issuer, ...above: (keyof Made)[]): Record<string, Row<Made>> =>
  Object.fromEntries(
    faultNames.map((fault) => {
      const sent = [`${issuer} ${fault}`, issuer, ...above] as const;
      return [`${what}, ${fault}`, row(sent, 'untrusted critical', ...faults[fault].findings)];
    }),
  );

describe('issued by', () => {
  testRows<Made>(matrix, make, {
    ...each('a server', 'server'),
    ...each('an authority that must not sign certificates', 'notForSigning'),
    ...each('an authority for other names', 'forOthers'),
    ...each('an authority below one that must have none below', 'below', 'short'),
    'a root with the name of a trusted one': row(['ofImpostor', 'impostor'], 'untrusted critical'),
    'a root with the name of a trusted one, which is not sent': row(['ofImpostor'], 'incomplete-chain critical'),
    'somebody else than the intermediate that it names': row(['forged', 'intermediate'], 'incomplete-chain critical'),
    'somebody else than the intermediate that it names, expired': row(
      ['forgedExpired', 'intermediate'],
      'expired critical 0',
      'incomplete-chain critical',
    ),
  });
});

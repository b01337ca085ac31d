import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  tagged,
  taggedBytes,
  utcTime,
  utf8String,
} from './der.ts';

/** A certificate and its private key, both as PEM. */
export interface Identity {
  certificate: string;
  privateKey: string;
}

export interface LeafRequest {
  commonName: string;
  dnsNames: readonly string[];
  /** IPv4 addresses. */
  addresses: readonly string[];
  /** From an hour ago until this many days from now. */
  days: number;
}

/** A root and an intermediate under it that signs for servers, with ECDSA on P-256 throughout. */
export interface Authority {
  root: string;
  /** The leaf with the intermediate after it, as a server sends them. */
  issue(request: LeafRequest): Identity;
}

interface Signer {
  name: Buffer;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const usage = { signatures: [0x80, 7], certificates: [0x06, 1] } as const;

/**
 * Certificates of the profile of RFC 5280. The openssl program would need 35 ms for each, which is more than a minute
 * for the thousands that the bench wants; in here it is a third of a millisecond.
 */
export function createAuthority(): Authority {
  const root = newSigner('devops bench root');
  const intermediate = newSigner('devops bench intermediate');
  const authority = { days: 3650, extensions: [basicConstraints(true), keyUsage(usage.certificates)] };
  const intermediatePem = issue({ ...authority, subject: intermediate, issuer: root });
  return {
    root: issue({ ...authority, subject: root, issuer: root }),
    issue: ({ commonName, dnsNames, addresses, days }) => {
      const subject = newSigner(commonName);
      const extensions = [
        basicConstraints(false),
        keyUsage(usage.signatures),
        serverAuthentication(),
        alternativeNames(dnsNames, addresses),
      ];
      return {
        certificate: issue({ days, extensions, subject, issuer: intermediate }) + intermediatePem,
        privateKey: subject.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      };
    },
  };
}

function newSigner(commonName: string): Signer {
  const attribute = sequence(objectIdentifier('2.5.4.3'), utf8String(commonName));
  return { name: sequence(set(attribute)), ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
}

interface Issue {
  subject: Signer;
  issuer: Signer;
  days: number;
  extensions: readonly Buffer[];
}

function issue({ subject, issuer, days, extensions }: Issue): string {
  const now = Date.now();
  const version3 = tagged(0, integer(Buffer.from([2])));
  const body = sequence(
    version3,
    integer(randomBytes(16)),
    ecdsaWithSha256,
    issuer.name,
    sequence(utcTime(new Date(now - 3_600_000)), utcTime(new Date(now + days * 86_400_000))),
    subject.name,
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions, ...keyIdentifiers(subject, issuer))),
  );
  const signature = bitString(sign('sha256', body, issuer.privateKey));
  const lines = sequence(body, ecdsaWithSha256, signature).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`;
}

function extension(identifier: string, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(value));
}

function basicConstraints(isAuthority: boolean): Buffer {
  return extension('2.5.29.19', isAuthority ? sequence(boolean(true)) : sequence(), true);
}

function keyUsage([bits, unused]: readonly [number, number]): Buffer {
  return extension('2.5.29.15', bitString(Buffer.from([bits]), unused), true);
}

function serverAuthentication(): Buffer {
  return extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1')));
}

function alternativeNames(dnsNames: readonly string[], addresses: readonly string[]): Buffer {
  return extension(
    '2.5.29.17',
    sequence(
      ...dnsNames.map((name) => taggedBytes(2, Buffer.from(name))),
      ...addresses.map((address) => taggedBytes(7, Buffer.from(address.split('.').map(Number)))),
    ),
  );
}

function keyIdentifiers(subject: Signer, issuer: Signer): Buffer[] {
  return [
    extension('2.5.29.14', octetString(keyIdentifier(subject.publicKey))),
    extension('2.5.29.35', sequence(taggedBytes(0, keyIdentifier(issuer.publicKey)))),
  ];
}

/** Any name for the key will do that is the same in both certificates (RFC 5280, 4.2.1.2). */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

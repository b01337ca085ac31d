import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';
import type { Certificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { parseCertificate } from '../../../../src/lib/tls/certificate/parse-certificate.ts';
import {
  bitString,
  certificateBytes,
  commonName,
  element,
  extension,
  integer,
  nameSet,
  objectIdentifier,
  sequence,
  utf8,
} from '../certificate/certificate-bytes.ts';

// Signed here and not by the openssl program: a thousand of them take half a second.

export interface Key {
  privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  spki: Buffer;
  /** As most authorities derive it. */
  id: Buffer;
}

/** An RSA key signs nothing here: every signature is said to be one of ECDSA. */
export function makeKey(type: 'ec' | 'rsa' = 'ec', modulusLength = 2048): Key {
  const { privateKey, publicKey } =
    type === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return { privateKey, spki, id: createHash('sha1').update(spki).digest() };
}

export const day = 86_400;
/** Unix time that all validities are counted from. */
export const now = Math.floor(Date.now() / 1000);

export interface Wish {
  /** Common name. */
  subject: string;
  key: Key;
  /** Who signs it; left out, itself. The key may be another than the one that the name belongs to. */
  issuer?: { subject: string; key: Key };
  /** Validity in seconds from `now`. */
  from?: number;
  until?: number;
  /** Names and addresses; left out, no such extension. */
  names?: readonly string[];
  isAuthority?: boolean;
  /** Object identifiers; left out, no such extension. */
  usage?: readonly string[];
  /** `none`: without both. A buffer: in place of the right one. */
  subjectKeyId?: Buffer | 'none';
  authorityKeyId?: Buffer | 'none';
  serial?: number;
  /** Other DER for the subject, right or wrong. */
  subjectDer?: Buffer;
}

/** A certificate with a signature that is right, whatever else is wrong with it. */
export function make(wish: Wish): Certificate {
  return parseCertificate(makeDer(wish));
}

export function makeDer(wish: Wish): Buffer {
  const { subject, key, issuer = { subject, key }, from = -day, until = 90 * day, serial = 1 } = wish;
  const parts = {
    // With a first byte that is neither zero nor negative.
    serial: integer(1, (serial >> 8) & 0xff, serial & 0xff),
    issuer: issuer.subject === subject && wish.subjectDer ? wish.subjectDer : nameDer(issuer.subject),
    notBefore: generalizedTime(now + from),
    notAfter: generalizedTime(now + until),
    subject: wish.subjectDer ?? nameDer(subject),
    key: key.spki,
    extensions: extensionsOf(wish, issuer.key),
  };
  const signed = signedPart(certificateBytes(parts));
  return certificateBytes({ ...parts, signature: bitString(sign('sha256', signed, issuer.key.privateKey)) });
}

export function pem({ der }: { der: Buffer }): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

export function keyPem({ privateKey }: Key): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' });
}

export const serverAuth = '1.3.6.1.5.5.7.3.1';
export const clientAuth = '1.3.6.1.5.5.7.3.2';

function extensionsOf(wish: Wish, issuerKey: Key): Buffer[] {
  const { isAuthority = false, names, usage, subjectKeyId = wish.key.id, authorityKeyId = issuerKey.id } = wish;
  return [
    extension('2.5.29.19', sequence(isAuthority ? element(0x01, '\xff') : '')),
    ...(subjectKeyId === 'none' ? [] : [extension('2.5.29.14', element(0x04, subjectKeyId))]),
    ...(authorityKeyId === 'none' ? [] : [extension('2.5.29.35', sequence(element(0x80, authorityKeyId)))]),
    ...(names === undefined ? [] : [extension('2.5.29.17', sequence(...names.map(generalName)))]),
    ...(usage === undefined ? [] : [extension('2.5.29.37', sequence(...usage.map(objectIdentifier)))]),
  ];
}

function generalName(name: string): Buffer {
  if (isIP(name) === 4) return element(0x87, Buffer.from(name.split('.').map(Number)));
  return element(0x82, name);
}

function nameDer(name: string): Buffer {
  return sequence(nameSet([commonName, utf8(name)]));
}

function generalizedTime(seconds: number): Buffer {
  return element(0x18, new Date(seconds * 1000).toISOString().replaceAll(/[-:T]|\.000/g, ''));
}

/** TBSCertificate: the first element inside the whole, all of which are longer than 127 bytes. */
function signedPart(der: Buffer): Buffer {
  const start = 2 + (der[1]! & 0x7f);
  const digits = der[start + 1]! & 0x7f;
  return der.subarray(start, start + 2 + digits + der.readUIntBE(start + 2, digits));
}

import { readAlgorithmIdentifier } from './algorithm-identifier.ts';
import type { PublicKey } from './certificate.ts';
import {
  bitLength,
  expectEnd,
  readBitString,
  readElement,
  readTagged,
  readUnsigned,
  tags,
  unexpectedTag,
  type Element,
} from './der.ts';
import { ellipticCurves } from './elliptic-curves.ts';
import { byObjectIdentifier, dottedNumber, lookUp } from './object-identifier.ts';

const what = 'the public key';

/** Names as `KeyObject.asymmetricKeyType` of node:crypto has them. */
const keyAlgorithms = byObjectIdentifier({
  '1.2.840.113549.1.1.1': 'rsa',
  '2.5.8.1.1': 'rsa',
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.10040.4.1': 'dsa',
  '1.2.840.10045.2.1': 'ec',
  '1.3.101.110': 'x25519',
  '1.3.101.111': 'x448',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
  '2.16.840.1.101.3.4.3.17': 'ml-dsa-44',
  '2.16.840.1.101.3.4.3.18': 'ml-dsa-65',
  '2.16.840.1.101.3.4.3.19': 'ml-dsa-87',
  '2.16.840.1.101.3.4.3.20': 'slh-dsa-sha2-128s',
  '2.16.840.1.101.3.4.3.21': 'slh-dsa-sha2-128f',
  '2.16.840.1.101.3.4.3.22': 'slh-dsa-sha2-192s',
  '2.16.840.1.101.3.4.3.23': 'slh-dsa-sha2-192f',
  '2.16.840.1.101.3.4.3.24': 'slh-dsa-sha2-256s',
  '2.16.840.1.101.3.4.3.25': 'slh-dsa-sha2-256f',
  '2.16.840.1.101.3.4.3.26': 'slh-dsa-shake-128s',
  '2.16.840.1.101.3.4.3.27': 'slh-dsa-shake-128f',
  '2.16.840.1.101.3.4.3.28': 'slh-dsa-shake-192s',
  '2.16.840.1.101.3.4.3.29': 'slh-dsa-shake-192f',
  '2.16.840.1.101.3.4.3.30': 'slh-dsa-shake-256s',
  '2.16.840.1.101.3.4.3.31': 'slh-dsa-shake-256f',
});

const primeField = byObjectIdentifier({ '1.2.840.10045.1.1': true });

/** A subjectPublicKeyInfo (RFC 5280, 4.1.2.7; RFC 3279). Throws MalformedCertificate. */
export function readPublicKey(der: Buffer, element: Element): PublicKey {
  const { type, parameters, end } = readAlgorithmIdentifier(der, element.content, element.end, what);
  const bits = readBitString(der, end, element.end, what);
  expectEnd(bits.end, element.end, what);
  const algorithm = lookUp(keyAlgorithms, der, type) ?? dottedNumber(der, type);
  switch (algorithm) {
    case 'rsa':
    case 'rsa-pss':
      return { algorithm, bits: modulusBits(der, bits), curve: undefined };
    case 'dsa':
      return { algorithm, bits: primeBits(der, parameters), curve: undefined };
    case 'ec':
      return { algorithm, ...curveOf(der, parameters) };
    default:
      return { algorithm, bits: undefined, curve: undefined };
  }
}

function modulusBits(der: Buffer, key: Element): number {
  const numbers = readTagged(der, key.content, key.end, tags.sequence, what);
  return bitLength(der, readUnsigned(der, numbers.content, numbers.end, 'the modulus of the public key'));
}

/** Undefined for a key that has its parameters from its issuer's (RFC 3279, 2.3.2). */
function primeBits(der: Buffer, parameters: Element | undefined): number | undefined {
  if (parameters === undefined || parameters.tag !== tags.sequence) return undefined;
  return bitLength(der, readUnsigned(der, parameters.content, parameters.end, 'the prime of the public key'));
}

/** A named curve, or one that is written out, which has no name (RFC 3279, 2.3.5). */
function curveOf(der: Buffer, parameters: Element | undefined): Pick<PublicKey, 'bits' | 'curve'> {
  if (parameters?.tag === tags.objectIdentifier) {
    const curve = lookUp(ellipticCurves, der, parameters);
    return { bits: curve?.bits, curve: curve?.name ?? dottedNumber(der, parameters) };
  }
  if (parameters?.tag !== tags.sequence) return { bits: undefined, curve: undefined };
  return { bits: fieldBits(der, parameters), curve: undefined };
}

/** Undefined for a binary field, which nobody writes out. */
function fieldBits(der: Buffer, parameters: Element): number | undefined {
  const version = readUnsigned(der, parameters.content, parameters.end, what);
  const field = readTagged(der, version.end, parameters.end, tags.sequence, what);
  const type = readElement(der, field.content, field.end, what);
  if (type.tag !== tags.objectIdentifier) throw unexpectedTag(what, type.tag, type.start);
  if (lookUp(primeField, der, type) === undefined) return undefined;
  return bitLength(der, readUnsigned(der, type.end, field.end, 'the prime of the public key'));
}

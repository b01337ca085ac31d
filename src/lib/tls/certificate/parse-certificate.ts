import { readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { MalformedCertificate, type Certificate } from './certificate.ts';
import {
  bytes,
  expectEnd,
  readBitString,
  readElement,
  readTagged,
  readInteger,
  readUnsigned,
  tags,
  unexpectedTag,
  type Element,
} from './der.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import { noExtensions, readExtensions, type Extensions } from './extensions.ts';
import { readPublicKey } from './public-key.ts';
import { signatureAlgorithmName } from './signature-algorithm.ts';
import { readTime } from './time.ts';

const versionTag = 0xa0;
const extensionsTag = 0xa3;

/**
 * Reads one X.509 certificate (RFC 5280, 4.1), of which `der` must be all. The result keeps `der` itself, no copy:
 * whoever cut it out of something larger and means to keep it for long gives a copy.
 *
 * Nothing is verified: neither the signature, nor that a name, a date or a key makes sense. The version is not looked
 * at, because some makers of devices write a wrong one and extensions are there or not.
 *
 * Throws MalformedCertificate, and nothing else whatever the bytes are. Takes time in proportion to their number.
 */
export function parseCertificate(der: Buffer): Certificate {
  const whole = readWhole(der);
  const signed = readTagged(der, whole.content, whole.end, tags.sequence, 'the signed part');
  const algorithm = readAlgorithmIdentifier(der, signed.end, whole.end, 'the signature algorithm');
  const signature = readBitString(der, algorithm.end, whole.end, 'the signature');
  expectEnd(signature.end, whole.end, 'the certificate');
  return { ...readSigned(der, signed), der, signatureAlgorithm: signatureAlgorithmName(der, algorithm) };
}

/** The keys of subject and issuer alone, at a tenth of the cost. Throws MalformedCertificate. */
export function readNameKeys(der: Buffer): { subject: string; issuer: string } {
  const whole = readWhole(der);
  const signed = readTagged(der, whole.content, whole.end, tags.sequence, 'the signed part');
  const { issuer, subject } = readBeforeKey(der, signed);
  return {
    subject: der.toString('latin1', subject.start, subject.end),
    issuer: der.toString('latin1', issuer.start, issuer.end),
  };
}

function readWhole(der: Buffer): Element {
  if (der.length === 0) throw new MalformedCertificate('no certificate: there is not a single byte');
  if (der[0] !== tags.sequence) {
    const first = der[0]!.toString(16).padStart(2, '0');
    throw new MalformedCertificate(`no certificate in DER form, which begins with byte 0x30, not 0x${first}`);
  }
  const whole = readElement(der, 0, der.length, 'the certificate');
  if (whole.end < der.length) {
    throw new MalformedCertificate(`${bytes(der.length - whole.end)} after the end of the certificate`);
  }
  return whole;
}

/** The parts of TBSCertificate that stand before the public key. */
function readBeforeKey(der: Buffer, signed: Element) {
  const { end } = signed;
  const serial = readInteger(der, afterVersion(der, signed), end, 'the serial number');
  const algorithm = readAlgorithmIdentifier(der, serial.end, end, 'the signature algorithm');
  const issuer = readTagged(der, algorithm.end, end, tags.sequence, 'the issuer');
  const validity = readTagged(der, issuer.end, end, tags.sequence, 'the validity');
  const subject = readTagged(der, validity.end, end, tags.sequence, 'the subject');
  return { serial, issuer, validity, subject };
}

/** TBSCertificate, what the signature is about. */
function readSigned(der: Buffer, signed: Element): Omit<Certificate, 'der' | 'signatureAlgorithm'> {
  const { end } = signed;
  const { serial, issuer, validity, subject } = readBeforeKey(der, signed);
  const notBefore = readTime(der, validity.content, validity.end, 'the begin of the validity');
  const notAfter = readTime(der, notBefore.end, validity.end, 'the end of the validity');
  expectEnd(notAfter.end, validity.end, 'the validity');
  const key = readTagged(der, subject.end, end, tags.sequence, 'the public key');
  return {
    subject: readDistinguishedName(der, subject),
    issuer: readDistinguishedName(der, issuer),
    serial: serialText(der.subarray(serial.content, serial.end)),
    notBefore: notBefore.seconds,
    notAfter: notAfter.seconds,
    key: readPublicKey(der, key),
    ...readOptionalParts(der, key.end, end),
  };
}

function afterVersion(der: Buffer, signed: Element): number {
  const first = readElement(der, signed.content, signed.end, 'the serial number');
  if (first.tag !== versionTag) return first.start;
  const version = readUnsigned(der, first.content, first.end, 'the version');
  expectEnd(version.end, first.end, 'the version');
  return first.end;
}

/** Hexadecimal digits as OpenSSL prints them; some authorities of old have negative numbers (RFC 5280, 4.1.2.2). */
function serialText(digits: Buffer): string {
  const hexadecimal = digits.toString('hex').toUpperCase();
  if (digits[0]! < 0x80) return digits.length > 1 && digits[0] === 0 ? hexadecimal.slice(2) : hexadecimal;
  const text = ((1n << BigInt(8 * digits.length)) - BigInt(`0x${hexadecimal}`)).toString(16).toUpperCase();
  return `-${text.padStart(text.length + (text.length % 2), '0')}`;
}

/** Unique identifiers of issuer and subject, which nobody uses, then the extensions: each at most once, in order. */
function readOptionalParts(der: Buffer, start: number, end: number): Extensions {
  const what = 'what follows the public key';
  let extensions = noExtensions();
  let lastNumber = 0;
  for (let position = start; position < end;) {
    const part = readElement(der, position, end, what);
    const number = part.tag & 0x1f;
    const isKnown = part.tag === extensionsTag || part.tag === 0x81 || part.tag === 0x82;
    if (!isKnown || number <= lastNumber) throw unexpectedTag(what, part.tag, position);
    if (part.tag === extensionsTag) extensions = readExtensions(der, part);
    lastNumber = number;
    position = part.end;
  }
  return extensions;
}

import { MalformedCertificate } from './certificate.ts';

/** Where one element of DER stands among the bytes: the header from `start`, the value from `content` to `end`. */
export interface Element {
  /** The identifier octet: class, constructed or not, number. */
  tag: number;
  start: number;
  content: number;
  end: number;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * Header of the element at `start`, which with its value must end at or before `limit`, the end of what it stands in.
 * Nothing is read below it: who wants its parts asks for them one by one, so that no depth of nesting costs anything.
 *
 * `what` names it in messages, such as `the serial number`. Throws MalformedCertificate for a length that is
 * indefinite, not in its shortest form, or beyond `limit` (X.690, 8.1 and 10.1).
 */
export function readElement(der: Buffer, start: number, limit: number, what: string): Element {
  if (limit - start < 2) throw cutShort(what, start, limit);
  const tag = der[start]!;
  // Numbers above 30 take more bytes; no certificate has any.
  if ((tag & 0x1f) === 0x1f) throw unexpectedTag(what, tag, start);
  let content = start + 2;
  let length = der[start + 1]!;
  if (length >= 0x80) {
    const digits = length & 0x7f;
    if (digits === 0) throw new MalformedCertificate(`${what} has an indefinite length, at byte ${start}`);
    if (digits > 4) throw new MalformedCertificate(`${what} claims to be longer than 4 GiB, at byte ${start}`);
    if (limit - content < digits) throw cutShort(what, start, limit);
    length = 0;
    for (let digit = 0; digit < digits; digit++) length = length * 256 + der[content++]!;
    if (length < 0x80 || der[start + 2] === 0) {
      throw new MalformedCertificate(`${what} has a length that is not in its shortest form, at byte ${start}`);
    }
  }
  if (length > limit - content) throw tooLong(what, length, limit - content, start);
  return { tag, start, content, end: content + length };
}

/** The same, for an element of which only one type is right. Throws MalformedCertificate for any other. */
export function readTagged(der: Buffer, start: number, limit: number, tag: number, what: string): Element {
  const element = readElement(der, start, limit, what);
  if (element.tag !== tag) throw unexpectedTag(what, element.tag, start);
  return element;
}

/** A number of either sign, in the bytes in which it stands. Throws MalformedCertificate when they are too few or too many. */
export function readInteger(der: Buffer, start: number, limit: number, what: string): Element {
  const element = readTagged(der, start, limit, tags.integer, what);
  const length = element.end - element.content;
  if (length === 0) throw new MalformedCertificate(`${what} is a number without digits, at byte ${start}`);
  if (length > 1 && der[element.content] === 0 && der[element.content + 1]! < 0x80) {
    throw new MalformedCertificate(`${what} is a number with needless leading zeros, at byte ${start}`);
  }
  return element;
}

/**
 * A number that is not negative, such as a serial or a modulus; `content` is at its first digit that counts, so that
 * zero is one byte 0. Throws MalformedCertificate for one without digits, a negative one and needless leading zeros.
 */
export function readUnsigned(der: Buffer, start: number, limit: number, what: string): Element {
  const element = readInteger(der, start, limit, what);
  const first = der[element.content]!;
  if (first >= 0x80) throw new MalformedCertificate(`${what} is a negative number, at byte ${start}`);
  // The zero is there only to keep the sign bit clear.
  if (first === 0 && element.end - element.content > 1) element.content++;
  return element;
}

/** Bits of a number that `readUnsigned` gave, without leading zeros. */
export function bitLength(der: Buffer, element: Element): number {
  return (element.end - element.content) * 8 - (Math.clz32(der[element.content]!) - 24);
}

/** The bytes of a bit string that has whole bytes only, as keys and signatures are; `content` is behind the count. */
export function readBitString(der: Buffer, start: number, limit: number, what: string): Element {
  const element = readTagged(der, start, limit, tags.bitString, what);
  if (element.content === element.end || der[element.content] !== 0) {
    throw new MalformedCertificate(`${what} is not a string of whole bytes, at byte ${start}`);
  }
  element.content++;
  return element;
}

/** Throws MalformedCertificate unless all of `what` has been read. */
export function expectEnd(position: number, end: number, what: string): void {
  if (position === end) return;
  throw new MalformedCertificate(`${what} has ${bytes(end - position)} too many, at byte ${position}`);
}

export function unexpectedTag(what: string, tag: number, start: number): MalformedCertificate {
  const found = tag.toString(16).padStart(2, '0');
  return new MalformedCertificate(`${what} is not of the type that it must have: 0x${found} at byte ${start}`);
}

export function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}

function cutShort(what: string, start: number, limit: number): MalformedCertificate {
  if (limit === start) return new MalformedCertificate(`${what} is missing, at byte ${start}`);
  return new MalformedCertificate(`${what} is cut short, at byte ${start}`);
}

function tooLong(what: string, length: number, left: number, start: number): MalformedCertificate {
  return new MalformedCertificate(
    `${what} is cut short: it announces ${bytes(length)} and only ${left} can be there, at byte ${start}`,
  );
}

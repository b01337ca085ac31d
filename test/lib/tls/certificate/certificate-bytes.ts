/** Writes certificates byte by byte, right ones and such as no program would make. Nobody has signed them. */

export function element(tag: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const hexadecimal = content.length.toString(16);
  const length = Buffer.from(hexadecimal.padStart(hexadecimal.length + (hexadecimal.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 + length.length]), length, content]);
}

export function sequence(...parts: readonly (Buffer | string)[]): Buffer {
  return element(0x30, ...parts);
}

export function objectIdentifier(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(BigInt);
  const arcs = [first! * 40n + second!, ...rest];
  const content = arcs.flatMap((arc) => {
    const digits = [Number(arc & 127n)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) digits.unshift(Number(left & 127n) | 128);
    return digits;
  });
  return element(0x06, Buffer.from(content));
}

export function bitString(content: Buffer | string): Buffer {
  return element(0x03, '\0', content);
}

export function integer(...digits: readonly number[]): Buffer {
  return element(0x02, Buffer.from(digits));
}

/** One part of a distinguished name from the number of each attribute and its value. */
export function nameSet(...attributes: readonly (readonly [type: string, value: Buffer])[]): Buffer {
  return element(0x31, ...attributes.map(([type, value]) => sequence(objectIdentifier(type), value)));
}

export function extension(type: string, value: Buffer | string): Buffer {
  return sequence(objectIdentifier(type), element(0x04, value));
}

export const commonName = '2.5.4.3';

export function utf8(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

export interface CertificateParts {
  version: Buffer;
  serial: Buffer;
  issuer: Buffer;
  notBefore: Buffer;
  notAfter: Buffer;
  subject: Buffer;
  key: Buffer;
  /** What follows the key, each with its own tag. */
  optional: readonly Buffer[];
  /** Short for the usual extensions part of `optional`. */
  extensions: readonly Buffer[];
  algorithm: Buffer;
  /** The one outside of what is signed, when it is another. */
  outerAlgorithm: Buffer;
  signature: Buffer;
}

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));

/** The base point of P-256, a valid public key of which everybody knows the private one. */
export const p256Key = sequence(
  sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier('1.2.840.10045.3.1.7')),
  bitString(
    Buffer.from(
      '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
      'hex',
    ),
  ),
);

/** A certificate of version 3, or of version 1 when it has no extensions; whatever is not said is unremarkable. */
export function certificateBytes(parts: Partial<CertificateParts> = {}): Buffer {
  const { extensions = [], algorithm = ecdsaWithSha256 } = parts;
  const optional = parts.optional ?? (extensions.length === 0 ? [] : [element(0xa3, sequence(...extensions))]);
  const name = sequence(nameSet([commonName, utf8('example.com')]));
  return sequence(
    sequence(
      parts.version ?? (optional.length === 0 ? '' : element(0xa0, integer(2))),
      parts.serial ?? integer(1),
      algorithm,
      parts.issuer ?? name,
      sequence(parts.notBefore ?? element(0x17, '250101000000Z'), parts.notAfter ?? element(0x17, '260101000000Z')),
      parts.subject ?? name,
      parts.key ?? p256Key,
      ...optional,
    ),
    parts.outerAlgorithm ?? algorithm,
    parts.signature ?? bitString(sequence(integer(1), integer(1))),
  );
}

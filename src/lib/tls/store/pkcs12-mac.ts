import { createHmac, timingSafeEqual } from 'node:crypto';
import { berFields, berNumber, berObjectIdentifier, berOctets, berTag, expectBer } from './ber.ts';
import type { BerElement } from './ber.ts';
import { hmacHashes, readPbkdf2 } from './password-encryption.ts';
import { derivePkcs12Key, keyPurpose, pkcs12Password } from './pkcs12-key.ts';
import { unsupported } from './pkcs12-failure.ts';

/** What tells whether a password is right, and that nothing was changed. */
export interface Pkcs12Mac {
  /** Rounds of hashing that a try of one password takes, by the file's own words: look at it before you try. */
  iterations: number;
  /** `password` is undefined for none. */
  fits(contents: Buffer, password: string | undefined, signal?: AbortSignal): Promise<boolean>;
}

const pbmac1 = '1.2.840.113549.1.5.14';
/** Longer keys than a hash gives only take longer. */
const longestKey = 128;

const digests: Record<string, { hash: string; length: number }> = {
  '1.2.840.113549.2.5': { hash: 'md5', length: 16 },
  '1.3.14.3.2.26': { hash: 'sha1', length: 20 },
  '2.16.840.1.101.3.4.2.4': { hash: 'sha224', length: 28 },
  '2.16.840.1.101.3.4.2.1': { hash: 'sha256', length: 32 },
  '2.16.840.1.101.3.4.2.2': { hash: 'sha384', length: 48 },
  '2.16.840.1.101.3.4.2.3': { hash: 'sha512', length: 64 },
};

/**
 * Reads a MacData (RFC 7292, section 4; with PBMAC1 RFC 9579). Throws MalformedBer, and UnreadablePkcs12 for an
 * algorithm that we do not know.
 */
export function readPkcs12Mac(element: BerElement): Pkcs12Mac {
  const [digestInfo, saltElement, count] = berFields(expectBer(element, berTag.sequence), 3);
  const [algorithm, expectedElement] = berFields(expectBer(digestInfo, berTag.sequence), 2);
  const [identifier, parameters] = berFields(expectBer(algorithm, berTag.sequence), 2);
  const expected = berOctets(expectedElement);
  const name = berObjectIdentifier(identifier);
  if (name === pbmac1) return readPbmac1(parameters, expected);
  const digest = digests[name];
  if (digest === undefined) throw unsupported(`the digest ${name}`);
  const { hash, length } = digest;
  const salt = berOctets(saltElement);
  const iterations = count === undefined ? 1 : Math.max(1, berNumber(count));
  return {
    iterations,
    async fits(contents, password, signal) {
      const input = { hash, password: pkcs12Password(password), salt, iterations, signal };
      const key = await derivePkcs12Key({ ...input, purpose: keyPurpose.mac, length });
      return isEqual(createHmac(hash, key).update(contents).digest(), expected);
    },
  };
}

/** The salt and the count of the MacData itself mean nothing then. */
function readPbmac1(parameters: BerElement | undefined, expected: Buffer): Pkcs12Mac {
  const [derivation, scheme] = berFields(expectBer(parameters, berTag.sequence), 2);
  const { iterations, keyLength, derive } = readPbkdf2(derivation);
  const name = berObjectIdentifier(berFields(expectBer(scheme, berTag.sequence), 1)[0]);
  const hash = hmacHashes[name];
  if (hash === undefined) throw unsupported(`the message authentication ${name}`);
  if (keyLength === undefined || keyLength > longestKey) throw unsupported('PBMAC1 without a usable key length');
  return {
    iterations,
    async fits(contents, password, signal) {
      signal?.throwIfAborted();
      const key = await derive(password, keyLength);
      return isEqual(createHmac(hash, key).update(contents).digest(), expected);
    },
  };
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

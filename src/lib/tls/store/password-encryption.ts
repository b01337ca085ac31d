import { createDecipheriv, pbkdf2 } from 'node:crypto';
import { berFields, berNumber, berObjectIdentifier, berOctets, berTag, expectBer } from './ber.ts';
import type { BerElement } from './ber.ts';
import { derivePkcs12Key, keyPurpose, pkcs12Password } from './pkcs12-key.ts';
import { unsupported } from './pkcs12-failure.ts';
import { decryptRc2 } from './rc2.ts';

/** How something was encrypted with a password, read from its AlgorithmIdentifier. */
export interface PasswordEncryption {
  /** Rounds of hashing that a try of one password takes, by the file's own words: look at it before you try. */
  iterations: number;
  /** The plain bytes; undefined when the password cannot be right. `password` is undefined for none. */
  decrypt(ciphertext: Buffer, password: string | undefined, signal?: AbortSignal): Promise<Buffer | undefined>;
}

/** PBKDF2 and its parameters (RFC 8018, appendix A.2), also used by PBMAC1. */
export interface Pbkdf2 {
  iterations: number;
  /** Of the key, when the file says it. */
  keyLength: number | undefined;
  derive(password: string | undefined, length: number): Promise<Buffer>;
}

const pbes2 = '1.2.840.113549.1.5.13';

/** PKCS#12's own schemes, all on SHA-1 (RFC 7292, appendix C); OpenSSL 3 no longer has any RC2. */
const pkcs12Schemes: Record<string, { cipher: string; keyLength: number }> = {
  '1.2.840.113549.1.12.1.3': { cipher: 'des-ede3-cbc', keyLength: 24 },
  '1.2.840.113549.1.12.1.4': { cipher: 'des-ede-cbc', keyLength: 16 },
  '1.2.840.113549.1.12.1.5': { cipher: 'rc2', keyLength: 16 },
  '1.2.840.113549.1.12.1.6': { cipher: 'rc2', keyLength: 5 },
};

const pbes2Ciphers: Record<string, { cipher: string; keyLength: number; vectorLength: number }> = {
  '2.16.840.1.101.3.4.1.2': { cipher: 'aes-128-cbc', keyLength: 16, vectorLength: 16 },
  '2.16.840.1.101.3.4.1.22': { cipher: 'aes-192-cbc', keyLength: 24, vectorLength: 16 },
  '2.16.840.1.101.3.4.1.42': { cipher: 'aes-256-cbc', keyLength: 32, vectorLength: 16 },
  '1.2.840.113549.3.7': { cipher: 'des-ede3-cbc', keyLength: 24, vectorLength: 8 },
};

/** What PBKDF2 and PBMAC1 hash with (RFC 8018, appendix B.1.2). */
export const hmacHashes: Record<string, string> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
  '1.2.840.113549.2.12': 'sha512-224',
  '1.2.840.113549.2.13': 'sha512-256',
};

/** Throws MalformedBer, and UnreadablePkcs12 for an algorithm that we do not know. */
export function readPasswordEncryption(algorithm: BerElement | undefined): PasswordEncryption {
  const [identifier, parameters] = berFields(expectBer(algorithm, berTag.sequence), 2);
  const name = berObjectIdentifier(identifier);
  if (name === pbes2) return readPbes2(expectBer(parameters, berTag.sequence));
  const scheme = pkcs12Schemes[name];
  if (scheme === undefined) throw unsupported(`the encryption ${name}`);
  return readPkcs12Scheme(expectBer(parameters, berTag.sequence), scheme);
}

/** Throws MalformedBer, and UnreadablePkcs12 for another function than PBKDF2. */
export function readPbkdf2(algorithm: BerElement | undefined): Pbkdf2 {
  const [identifier, parameters] = berFields(expectBer(algorithm, berTag.sequence), 2);
  const name = berObjectIdentifier(identifier);
  if (name !== '1.2.840.113549.1.5.12') throw unsupported(`the key derivation ${name}`);
  const [salt, iterations, ...others] = berFields(expectBer(parameters, berTag.sequence), 4);
  const random = others.find(({ tag }) => tag === berTag.sequence);
  const hashName = random === undefined ? '1.2.840.113549.2.7' : berObjectIdentifier(berFields(random, 1)[0]);
  const hash = hmacHashes[hashName];
  if (hash === undefined) throw unsupported(`the pseudorandom function ${hashName}`);
  const saltBytes = berOctets(salt);
  const count = Math.max(1, berNumber(iterations));
  const keyLength = others.find(({ tag }) => tag === berTag.integer);
  return {
    iterations: count,
    keyLength: keyLength && berNumber(keyLength),
    derive: (password, length) =>
      new Promise((resolve, reject) => {
        const done = (error: Error | null, key: Buffer): void => (error === null ? resolve(key) : reject(error));
        // In a thread of its own: 10 million rounds take seconds.
        pbkdf2(password ?? '', saltBytes, count, length, hash, done);
      }),
  };
}

function readPbes2(parameters: BerElement): PasswordEncryption {
  const [derivation, scheme] = berFields(parameters, 2);
  const { iterations, derive } = readPbkdf2(derivation);
  const [identifier, vector] = berFields(expectBer(scheme, berTag.sequence), 2);
  const name = berObjectIdentifier(identifier);
  const known = pbes2Ciphers[name];
  if (known === undefined) throw unsupported(`the cipher ${name}`);
  const initializationVector = berOctets(vector);
  if (initializationVector.length !== known.vectorLength) throw unsupported('an initialization vector of a wrong size');
  return {
    iterations,
    async decrypt(ciphertext, password, signal) {
      signal?.throwIfAborted();
      const key = await derive(password, known.keyLength);
      return decipher(known.cipher, key, initializationVector, ciphertext);
    },
  };
}

function readPkcs12Scheme(parameters: BerElement, scheme: { cipher: string; keyLength: number }): PasswordEncryption {
  const [saltElement, count] = berFields(parameters, 2);
  const salt = berOctets(saltElement);
  const iterations = Math.max(1, berNumber(count));
  return {
    iterations,
    async decrypt(ciphertext, password, signal) {
      const input = { hash: 'sha1', password: pkcs12Password(password), salt, iterations, signal };
      const key = await derivePkcs12Key({ ...input, purpose: keyPurpose.cipher, length: scheme.keyLength });
      const vector = await derivePkcs12Key({ ...input, purpose: keyPurpose.initializationVector, length: 8 });
      if (scheme.cipher === 'rc2') return decryptRc2(ciphertext, key, vector, signal);
      if (scheme.cipher === 'des-ede3-cbc') return decipher(scheme.cipher, key, vector, ciphertext);
      // Two keys are three of which the third is the first again; node:crypto has no such cipher in CBC mode.
      return decipher('des-ede3-cbc', Buffer.concat([key, key.subarray(0, 8)]), vector, ciphertext);
    },
  };
}

function decipher(cipher: string, key: Buffer, vector: Buffer, ciphertext: Buffer): Buffer | undefined {
  try {
    const stream = createDecipheriv(cipher, key, vector);
    return Buffer.concat([stream.update(ciphertext), stream.final()]);
  } catch (error) {
    // Another password leaves something else than padding at the end.
    if (error instanceof Error && 'code' in error && /BAD_DECRYPT|WRONG_FINAL/.test(String(error.code)))
      return undefined;
    throw error;
  }
}

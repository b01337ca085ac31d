import { createHash } from 'node:crypto';

/** What a key is for: the number that goes into it (RFC 7292, appendix B.3). */
export const keyPurpose = { cipher: 1, initializationVector: 2, mac: 3 } as const;

/** Bytes of input and of output of the hash functions. */
const hashSizes: Record<string, { block: number; output: number }> = {
  md5: { block: 64, output: 16 },
  sha1: { block: 64, output: 20 },
  sha224: { block: 64, output: 28 },
  sha256: { block: 64, output: 32 },
  sha384: { block: 128, output: 48 },
  sha512: { block: 128, output: 64 },
};

/** So many rounds take a few milliseconds; then others have their turn. */
const roundsPerSlice = 4000;

export interface Pkcs12KeyInput {
  hash: string;
  /** As `pkcs12Password` makes it. */
  password: Buffer;
  salt: Buffer;
  iterations: number;
  purpose: (typeof keyPurpose)[keyof typeof keyPurpose];
  length: number;
  signal?: AbortSignal | undefined;
}

/**
 * The key that a password gives by PKCS#12's own function (RFC 7292, appendix B.2), which node:crypto does not offer.
 * Nothing else waits for a large count of iterations; the signal ends it with its reason.
 */
export async function derivePkcs12Key(input: Pkcs12KeyInput): Promise<Buffer> {
  const { hash, password, salt, iterations, purpose, length, signal } = input;
  const { block, output } = hashSizes[hash]!;
  const diversifier = Buffer.alloc(block, purpose);
  const state = Buffer.concat([repeated(salt, block), repeated(password, block)]);
  const pieces: Buffer[] = [];
  for (let made = 0; made < length; made += output) {
    let digest = createHash(hash).update(diversifier).update(state).digest();
    for (let round = 1; round < iterations; round++) {
      digest = createHash(hash).update(digest).digest();
      if (round % roundsPerSlice === 0) await nextTurn(signal);
    }
    pieces.push(digest);
    addToEach(state, repeated(digest, block).subarray(0, block), block);
  }
  return Buffer.concat(pieces).subarray(0, length);
}

/**
 * A password as that function takes it: UTF-16, big-endian, with a zero at its end. No password at all is no bytes,
 * which is something else than an empty password.
 */
export function pkcs12Password(password: string | undefined): Buffer {
  return password === undefined ? Buffer.alloc(0) : Buffer.from(`${password}\0`, 'utf16le').swap16();
}

/** Over and over, until whole blocks are full; nothing stays nothing. */
function repeated(bytes: Buffer, block: number): Buffer {
  return bytes.length === 0 ? bytes : Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Adds the number and 1 to each block, as numbers of that many bytes. */
function addToEach(state: Buffer, number: Buffer, block: number): void {
  for (let start = 0; start < state.length; start += block) {
    let carry = 1;
    for (let index = block - 1; index >= 0; index--) {
      const sum = state[start + index]! + number[index]! + carry;
      state[start + index] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}

function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

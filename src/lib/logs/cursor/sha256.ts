/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
const roundConstants = Uint32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));
/** The same of the square roots of the first 8 (FIPS 180-4, 5.3.3). */
const initialState = Uint32Array.from(firstPrimes(8), (prime) => fraction(Math.sqrt(prime)));
const blockBytes = 64;

/**
 * SHA-256 (FIPS 180-4) in lower-case hexadecimal. Written by hand because node:crypto takes 4 to 10 ms to load, which is
 * as much as everything else that a run does that finds nothing new; the 3 KiB that it hashes take a tenth of one here.
 */
export function sha256(bytes: Uint8Array): string {
  const padded = Buffer.alloc(Math.ceil((bytes.length + 9) / blockBytes) * blockBytes);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  padded.writeUInt32BE(Math.floor(bytes.length / 0x2000_0000), padded.length - 8);
  padded.writeUInt32BE((bytes.length * 8) >>> 0, padded.length - 4);
  const state = Uint32Array.from(initialState);
  const schedule = new Uint32Array(64);
  for (let at = 0; at < padded.length; at += blockBytes) addBlock(state, schedule, padded, at);
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

function addBlock(state: Uint32Array, schedule: Uint32Array, bytes: Buffer, start: number): void {
  for (let index = 0; index < 16; index++) schedule[index] = bytes.readUInt32BE(start + index * 4);
  for (let index = 16; index < 64; index++) {
    const [early, late] = [schedule[index - 15]!, schedule[index - 2]!];
    const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[index] = schedule[index - 16]! + first + schedule[index - 7]! + second;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let index = 0; index < 64; index++) {
    const choice = (e & f) ^ (~e & g);
    const first =
      h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + roundConstants[index]! + schedule[index]!;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority;
    // One by one: a list on both sides would be made anew in each of the rounds.
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** Exact: the roots of such small numbers have 32 bits of fraction in a double with bits to spare. */
function fraction(root: number): number {
  return (root % 1) * 0x1_0000_0000;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes;
}

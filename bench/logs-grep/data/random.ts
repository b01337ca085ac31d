/** Numbers from 0 to 2^32 - 1 in an order that depends on the seed alone. */
export type Random = () => number;

/** Marsaglia's xorshift of 32 bits: fast, and far better than a log needs. The seed is no 0. */
export function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

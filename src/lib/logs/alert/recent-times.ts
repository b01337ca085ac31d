/** More times are not kept from run to run: the state stays small. */
export const mostRecentTimes = 16_384;

/** Whether the times of earlier runs that are kept are enough to judge a threshold of `count` within a period. */
export function isJudgedAcrossRuns(count: number): boolean {
  return count <= mostRecentTimes + 1;
}

/** Milliseconds since the epoch in ascending order, the last `capacity` of them; what is no time is left out. */
export function lastTimes(timesMs: readonly number[], capacity: number): number[] {
  const sorted = timesMs.filter((timeMs) => Number.isFinite(timeMs)).toSorted((one, other) => one - other);
  return capacity === 0 ? [] : sorted.slice(-capacity);
}

/** Remembers the last `capacity` times that it was given, in ascending order. */
export function createRecentTimes(capacity: number): { add(timeMs: number): void; times(): number[] } {
  let ring = new Float64Array(Math.min(capacity, 64));
  let seen = 0;
  return {
    add(timeMs) {
      if (capacity === 0) return;
      if (seen === ring.length && seen < capacity) {
        const larger = new Float64Array(Math.min(capacity, ring.length * 2));
        larger.set(ring);
        ring = larger;
      }
      ring[seen++ % ring.length] = timeMs;
    },
    times() {
      if (seen <= ring.length) return [...ring.subarray(0, seen)];
      const edge = seen % ring.length;
      return [...ring.subarray(edge), ...ring.subarray(0, edge)];
    },
  };
}

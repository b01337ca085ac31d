const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;

/** Each is a multiple of the one before, so that buckets can be merged without being split. */
const humanSizes: readonly number[] = [
  [1, 5, 10, 30],
  [minute, 5 * minute, 10 * minute, 30 * minute],
  [hour, 3 * hour, 6 * hour, 12 * hour],
  [day, week, 4 * week, 52 * week],
].flat();

/** The seconds of the smallest bucket. */
export const smallestBucket = humanSizes[0]!;

/** The seconds of the next larger bucket; beyond 52 weeks it is twice as many. */
export function nextBucketSize(seconds: number): number {
  return humanSizes.find((size) => size > seconds) ?? 2 * seconds;
}

/**
 * The first day of the year 1, which is a Monday: with it weeks begin on Monday and all shorter buckets on the clock,
 * and no time that is accepted stands before it, so a bucket that is large enough holds them all.
 */
export const earliestMs = Date.parse('0001-01-01T00:00:00Z');

/** No log tells of the year 10000. */
export const latestMs = Date.parse('9999-12-31T23:59:59.999Z');

/** The number of the bucket that holds a time, counted from the beginning of the year 1 in UTC. */
export function bucketOf(timeMs: number, seconds: number): number {
  return Math.floor((timeMs - earliestMs) / (seconds * 1000));
}

/** The time at which a bucket begins, in milliseconds since the epoch. */
export function bucketStart(bucket: number, seconds: number): number {
  return bucket * seconds * 1000 + earliestMs;
}

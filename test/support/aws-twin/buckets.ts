import type { TwinClock } from './clock.ts';

/** A token bucket as EC2 throttles with, one for each account, region and operation. */
export interface BucketOptions {
  /** `StopInstances`; `*`: each operation that has no rule of its own gets such a bucket. */
  operation: string;
  size: number;
  /** Tokens a second. */
  refill: number;
  /**
   * Which seconds: `virtual` (default), or the real ones times this factor, for a client that waits in real time between
   * its attempts.
   */
  clock?: 'virtual' | { realTimes: number };
}

/** Returns a function that takes one token, or says false when there is none. */
export function tokenBuckets(options: readonly BucketOptions[], clock: TwinClock) {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (owner: string, operation: string): boolean => {
    const rule = options.find((one) => one.operation === operation) ?? options.find((one) => one.operation === '*');
    if (rule === undefined) return true;
    const factor = rule.clock === undefined || rule.clock === 'virtual' ? undefined : rule.clock.realTimes;
    const now = factor === undefined ? clock.monotonic() : (performance.now() / 1000) * factor;
    const name = `${owner} ${operation}`;
    const bucket = buckets.get(name) ?? { tokens: rule.size, at: now };
    bucket.tokens = Math.min(rule.size, bucket.tokens + (now - bucket.at) * rule.refill);
    bucket.at = now;
    buckets.set(name, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}

import type { RetryPolicy } from './job.ts';

/**
 * Seconds to wait after attempt number `attempt`, which counts from 1. The longest wait doubles with every attempt, from
 * `fromSeconds` to `toSeconds`; the wait is anywhere between `fromSeconds` and that, so that a hundred machines whose
 * server went away do not come back at once (full jitter of "Exponential Backoff And Jitter", AWS Architecture Blog).
 * `random`: from 0 up to, but not including, 1.
 */
export function backoffSeconds(
  attempt: number,
  { fromSeconds, toSeconds }: RetryPolicy['backoff'],
  random: () => number,
): number {
  // 2^1024 is Infinity, and Infinity times 0 is no number.
  const doublings = Math.min(Math.max(attempt, 0), 60);
  const longest = Math.max(fromSeconds, Math.min(toSeconds, fromSeconds * 2 ** doublings));
  return fromSeconds + random() * (longest - fromSeconds);
}

import { compilePatterns } from './compile-patterns.ts';
import type { PatternOptions } from './pattern-tree.ts';

const maximumSample = 16 << 10;
/** Of a sample for each of many patterns: a few lines at least. */
const minimumSample = 1 << 10;

/**
 * The pattern that takes longest when each looks alone through the start of the sample, for the message when a search
 * crawls: no pattern can hang, but one whose every byte makes a new state costs a thousand times another. They share
 * 16 KiB of work, so that finding the culprit takes seconds at worst. Of no patterns, the empty one. `now` is a
 * monotonic clock in seconds.
 */
export function slowestPattern(
  patterns: readonly string[],
  options: PatternOptions,
  sample: Buffer,
  now: () => number,
): string {
  const length = Math.min(sample.length, Math.max(minimumSample, Math.floor(maximumSample / patterns.length)));
  let slowest = { pattern: '', seconds: -1 };
  for (const pattern of patterns) {
    const { scan } = compilePatterns([pattern], options);
    const started = now();
    scan(sample, 0, length, () => {});
    const seconds = now() - started;
    if (seconds > slowest.seconds) slowest = { pattern, seconds };
  }
  return slowest.pattern;
}

import { bucketOf, bucketStart, earliestMs, latestMs, nextBucketSize, smallestBucket } from './bucket-sizes.ts';

/** How many things happened when. */
export interface Histogram {
  /** How long each bucket is. */
  bucketSeconds: number;
  /** When the first bucket begins, in milliseconds since the epoch; a multiple of the bucket's size in UTC. */
  startMs: number;
  /** One number a bucket, without gaps. */
  counts: number[];
  /** How many times were outside the window, or no time at all; with `counts` they make up all that was added. */
  outside: number;
}

export interface HistogramCounter {
  /** One more, at this time in milliseconds since the epoch. */
  add(timeMs: number): void;
  /** What has been counted so far; undefined when there is no time and no window to show. */
  result(): Histogram | undefined;
}

export interface HistogramOptions {
  /** The window begins here: earlier times are `outside`. Without it, it begins with the earliest time. */
  sinceMs?: number;
  /** The window ends before this: later times are `outside`. Without it, it ends with the latest time. */
  untilMs?: number;
  /** How many buckets there may be, at least 1. */
  columns: number;
}

/**
 * Counts times into at most `columns` buckets of a size that people read on a clock: 1, 5, 10, 30 seconds, 1, 5, 10,
 * 30 minutes, 1, 3, 6, 12 hours, a day, a week, 4 weeks, 52 weeks, and twice as long from there. It starts with the
 * smallest size and merges neighbours into the next one whenever the range outgrows the columns, so times may come in
 * any order and the memory is `columns` numbers. One clock that is years off makes the buckets coarse: that is what a
 * window is for. Times outside the years 1 to 9999 are `outside`. About 10 ns a time.
 */
export function createHistogram({ sinceMs, untilMs, columns }: HistogramOptions): HistogramCounter {
  const limit = Math.max(1, Math.floor(columns));
  const counts = new Float64Array(limit);
  const begin = Math.max(sinceMs ?? earliestMs, earliestMs);
  const end = Math.min(untilMs ?? latestMs, latestMs);
  let seconds = smallestBucket;
  // The buckets `first` to `last` are in use; none is while `first` is larger.
  let first = Infinity;
  let last = -Infinity;
  let outside = 0;

  const coarsen = (): void => {
    const coarse = nextBucketSize(seconds);
    const coarseFirst = bucketOf(bucketStart(first, seconds), coarse);
    for (let bucket = first; bucket <= last; bucket++) {
      const target = bucketOf(bucketStart(bucket, seconds), coarse) - coarseFirst;
      const count = counts[bucket - first]!;
      // The target is never ahead of what is still to be read.
      counts[bucket - first] = 0;
      counts[target] = counts[target]! + count;
    }
    last = bucketOf(bucketStart(last, seconds), coarse);
    first = coarseFirst;
    seconds = coarse;
  };

  /** Makes room so that the bucket of `timeMs` is one of those in use. */
  const include = (timeMs: number): void => {
    if (first > last) {
      first = last = bucketOf(timeMs, seconds);
      return;
    }
    for (;;) {
      const bucket = bucketOf(timeMs, seconds);
      const newFirst = Math.min(first, bucket);
      const newLast = Math.max(last, bucket);
      if (newLast - newFirst < limit) {
        if (newFirst < first) {
          counts.copyWithin(first - newFirst, 0, last - first + 1);
          counts.fill(0, 0, first - newFirst);
        }
        first = newFirst;
        last = newLast;
        return;
      }
      coarsen();
    }
  };

  // A window is shown whole, with the empty buckets at its ends.
  if (begin < end && sinceMs !== undefined) include(begin);
  if (begin < end && untilMs !== undefined) include(end - 1);

  return {
    add(timeMs) {
      if (!(timeMs >= begin && timeMs < end)) {
        outside++;
        return;
      }
      const index = bucketOf(timeMs, seconds) - first;
      if (index >= 0 && index <= last - first) {
        counts[index]!++;
        return;
      }
      include(timeMs);
      counts[bucketOf(timeMs, seconds) - first]!++;
    },
    result() {
      if (first > last) return undefined;
      const shown = Array.from(counts.subarray(0, last - first + 1));
      return { bucketSeconds: seconds, startMs: bucketStart(first, seconds), counts: shown, outside };
    },
  };
}

import type { TimeWindow } from './time-window.ts';

/** What is known of one of the files of a log. */
export interface FileTimes {
  /** Time of the first event, in milliseconds since 1970; undefined when it has none or is not known. */
  firstMs: number | undefined;
  /** The same, where that time is local and was shown twice: read as the later of both (factsOfSample tells). */
  firstLatestMs?: number | undefined;
}

/**
 * Which of the rotated files of one log, oldest first, may have events of the window. A file begins at its first time
 * and ends where the next newer one whose first time is known begins, each with the tolerance. Files without a known
 * time are kept, and all of them when the first times are not ascending: then the order is not what it seems.
 */
export function filesInWindow<File extends FileTimes>(
  oldestFirst: readonly File[],
  window: TimeWindow,
  toleranceMs: number,
): File[] {
  const { sinceMs = -Infinity, untilMs = Infinity } = window;
  const kept: File[] = [];
  let nextLatest = Infinity;
  for (const file of oldestFirst.toReversed()) {
    const { firstMs, firstLatestMs = firstMs } = file;
    if (firstMs === undefined || firstLatestMs === undefined) {
      kept.push(file);
      continue;
    }
    if (firstMs > nextLatest) return [...oldestFirst];
    if (firstMs - toleranceMs < untilMs && nextLatest + toleranceMs >= sinceMs) kept.push(file);
    nextLatest = firstLatestMs;
  }
  return kept.toReversed();
}

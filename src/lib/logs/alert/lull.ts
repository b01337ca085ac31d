/** The time that a log or a search covers, in milliseconds since the epoch, half open. */
export interface Span {
  startMs: number;
  endMs: number;
}

/** Larger thresholds need more times than should be kept in memory. */
export const largestLullCount = 1_048_576;

/**
 * Finds a window of `perSeconds` with fewer than `count` times in it. Takes times in ascending order and remembers the
 * last and the first `count` of them: a window has too few when so many in a row take longer than it lasts.
 */
export function createLullFinder(count: number, perSeconds: number) {
  const lengthMs = perSeconds * 1000;
  const recent: number[] = [];
  let seen = 0;
  let nth: number | undefined;
  let found: Span | undefined;
  return {
    add(timeMs: number): void {
      const slot = seen % count;
      // The same slot held the time that was `count` places before this one.
      const before = seen >= count ? recent[slot]! : undefined;
      if (before !== undefined && timeMs - before > lengthMs) found ??= { startMs: before, endMs: timeMs };
      recent[slot] = timeMs;
      seen++;
      if (seen === count) nth = timeMs;
    },
    /**
     * The first such window between two times, or that the ends of `span` leave. `tooShort`: `span` is shorter than a
     * window and has too few, which proves nothing.
     */
    end(span: Span | undefined): { lull?: Span; tooShort: boolean } {
      if (span === undefined) return { ...(found === undefined ? {} : { lull: found }), tooShort: false };
      if (nth === undefined) {
        const tooShort = span.endMs - span.startMs < lengthMs;
        return tooShort ? { tooShort } : { lull: span, tooShort };
      }
      if (nth - span.startMs >= lengthMs) return { lull: { startMs: span.startMs, endMs: nth }, tooShort: false };
      if (found !== undefined) return { lull: found, tooShort: false };
      const tail = recent[seen % count]!;
      if (span.endMs - tail > lengthMs) return { lull: { startMs: tail, endMs: span.endMs }, tooShort: false };
      return { tooShort: false };
    },
  };
}

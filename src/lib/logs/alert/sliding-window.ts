/** The largest number of times within one window. */
export interface Peak {
  count: number;
  /** The first time in it, in milliseconds since the epoch; undefined when no time is known. */
  startMs?: number;
  /** False when the window was so dense that its length had to be rounded down: then there may have been a few more. */
  exact: boolean;
}

/** So many different milliseconds are remembered one by one. */
const capacity = 65_536;

/**
 * The largest number of times within any window of `perSeconds`, which begins with one of them and ends just before it
 * has lasted so long (half open). Takes times in ascending order, to the millisecond.
 *
 * Times of one millisecond share an entry, so that a window of up to 65 s is always exact, and a longer one as long as
 * it holds at most 65,536 different times. Beyond that, neighbours are merged into steps of twice the length, as often
 * as it takes; a step counts only when it lies in the window whole, so the number is never too large and falls short by
 * less than a part in 30,000 of the window. A threshold of up to 65,536 has been passed by then, so it is always exact.
 */
export function createSlidingWindow(perSeconds: number): {
  /** `isEarlier`: of a run before this one; a window with none but such times is not looked at. */
  add(timeMs: number, isEarlier?: boolean): void;
  peak(): Peak;
} {
  const lengthMs = perSeconds * 1000;
  // A ring; each entry stands for the times of one step.
  let starts = new Float64Array(64);
  let counts = new Float64Array(64);
  let head = 0;
  let size = 0;
  let step = 1;
  let inside = 0;
  let lastOfThisRun = -Infinity;
  const best: Peak = { count: 0, exact: true };

  const grow = (): void => {
    const [oldStarts, oldCounts] = [starts, counts];
    starts = new Float64Array(oldStarts.length * 2);
    counts = new Float64Array(oldStarts.length * 2);
    for (let index = 0; index < size; index++) {
      starts[index] = oldStarts[(head + index) % oldStarts.length]!;
      counts[index] = oldCounts[(head + index) % oldStarts.length]!;
    }
    head = 0;
  };

  /** Merges neighbours into steps of twice the length until there is room. */
  const coarsen = (): void => {
    best.exact = false;
    do {
      step *= 2;
      let kept = 0;
      for (let index = 0; index < size; index++) {
        const from = (head + index) % starts.length;
        const start = Math.floor(starts[from]! / step) * step;
        const last = (head + kept - 1 + starts.length) % starts.length;
        if (kept > 0 && starts[last] === start) {
          counts[last] = counts[last]! + counts[from]!;
        } else {
          const to = (head + kept) % starts.length;
          starts[to] = start;
          counts[to] = counts[from]!;
          kept++;
        }
      }
      size = kept;
    } while (size === capacity);
  };

  return {
    add(timeMs, isEarlier = false) {
      const time = Math.floor(timeMs);
      if (!isEarlier) lastOfThisRun = time;
      while (size > 0 && starts[head]! <= time - lengthMs) {
        inside -= counts[head]!;
        head = (head + 1) % starts.length;
        size--;
      }
      if (size === capacity) coarsen();
      const start = Math.floor(time / step) * step;
      const last = (head + size - 1 + starts.length) % starts.length;
      if (size > 0 && starts[last] === start) {
        counts[last]!++;
      } else {
        if (size === starts.length) grow();
        const next = (head + size) % starts.length;
        starts[next] = start;
        counts[next] = 1;
        size++;
      }
      inside++;
      if (inside > best.count && lastOfThisRun > time - lengthMs) {
        best.count = inside;
        best.startMs = starts[head]!;
      }
    },
    peak: () => ({ ...best }),
  };
}

/** So many times are held back, in 1 MiB of memory; the older half is let go when it is full. */
const capacity = 131_072;

/** Brings times into order before they are used. */
export interface TimeSorter {
  add(timeMs: number): void;
  /** Lets go of all that is held. */
  end(): void;
  /** How many came too late to be brought into order, and were left out. */
  late(): number;
}

/**
 * Hands times to `take` in ascending order. Up to 131,072 of them may come in any order, such as those of two logs read
 * one after the other; of more, each may come up to 65,536 places late. What is later still is counted, not handed on.
 */
export function createTimeSorter(take: (timeMs: number) => void): TimeSorter {
  let held = new Float64Array(64);
  let size = 0;
  let sorted = true;
  let horizon = -Infinity;
  let late = 0;

  const letGo = (count: number): void => {
    // Nearly every log is in order as it is.
    if (!sorted) held.subarray(0, size).sort();
    sorted = true;
    for (let index = 0; index < count; index++) take(held[index]!);
    if (count > 0) horizon = held[count - 1]!;
    held.copyWithin(0, count, size);
    size -= count;
  };

  return {
    add(timeMs) {
      if (timeMs < horizon) {
        late++;
        return;
      }
      if (size === capacity) letGo(capacity / 2);
      if (size === held.length) {
        const larger = new Float64Array(held.length * 2);
        larger.set(held);
        held = larger;
      }
      // After letting go, the horizon may have passed it.
      if (timeMs < horizon) {
        late++;
        return;
      }
      if (size > 0 && timeMs < held[size - 1]!) sorted = false;
      held[size++] = timeMs;
    },
    end: () => letGo(size),
    late: () => late,
  };
}

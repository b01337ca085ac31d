/** Told of the time of each event in the order of the file. */
export interface OrderWatch {
  /** True when the event is older than the newest one before it by more than the tolerance. */
  see(timeMs: number): boolean;
}

/** Notices that a log is not sorted. A tolerance of some seconds is for the threads that write one file. */
export function createOrderWatch(toleranceMs: number): OrderWatch {
  let newest = -Infinity;
  return {
    see(timeMs) {
      if (timeMs >= newest) {
        newest = timeMs;
        return false;
      }
      return timeMs < newest - toleranceMs;
    },
  };
}

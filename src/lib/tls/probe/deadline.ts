/** Deadlines that also end with the run. */
export interface Deadlines {
  /** `reason` is asked when the time is up, so that it can say what was waited for. */
  start(seconds: number, reason: () => Error): Deadline;
}

/** A signal that aborts at a deadline or with the run; releasing it forgets both. */
export interface Deadline {
  signal: AbortSignal;
  release(): void;
}

/**
 * Not AbortSignal.any and AbortSignal.timeout, which cost a tenth of a handshake each time, and one listener for all:
 * adding a listener looks at all that are there.
 */
export function createDeadlines(run: AbortSignal): Deadlines {
  const running = new Set<AbortController>();
  run.addEventListener(
    'abort',
    () => {
      for (const controller of running) controller.abort(run.reason);
    },
    { once: true },
  );
  return {
    start(seconds, reason) {
      const controller = new AbortController();
      if (run.aborted) controller.abort(run.reason);
      else running.add(controller);
      const timer = setTimeout(() => controller.abort(reason()), seconds * 1000);
      return {
        signal: controller.signal,
        release() {
          clearTimeout(timer);
          running.delete(controller);
        },
      };
    },
  };
}

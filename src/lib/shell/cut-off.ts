import type { CutOffReason } from './program-result.ts';

/** The moment at which waiting ends. `release` gives back the timer and the listener. */
export interface CutOff {
  reason: Promise<CutOffReason>;
  release(): void;
}

/** setTimeout takes 1 ms for anything longer: about 24 days. */
const longestTimer = 2 ** 31 - 1;

/**
 * Told by a deadline or by the caller's AbortSignal, whichever is first. A deadline of 0 or less is over already;
 * undefined is none.
 */
export function createCutOff(timeoutSeconds: number | undefined, signal: AbortSignal | undefined): CutOff {
  const { promise, resolve } = Promise.withResolvers<CutOffReason>();
  const abort = (): void => resolve('aborted');
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  const arm = (milliseconds: number): void => {
    if (milliseconds > 0) {
      timer = setTimeout(() => arm(milliseconds - longestTimer), Math.min(milliseconds, longestTimer));
    } else resolve('timed-out');
  };
  if (timeoutSeconds !== undefined) arm(timeoutSeconds * 1000);
  return {
    reason: promise,
    release() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}

import type { CutOffReason } from './program-result.ts';

/** The moment at which waiting ends. `release` gives back the timer and the listener. */
export interface CutOff {
  reason: Promise<CutOffReason>;
  release(): void;
}

/** setTimeout takes 1 ms for anything longer. */
const longestTimer = 2 ** 31 - 1;

/** Told by a deadline or by the caller's AbortSignal, whichever is first. A deadline of 0 or less is over already. */
export function createCutOff(timeoutSeconds: number, signal: AbortSignal | undefined): CutOff {
  const { promise, resolve } = Promise.withResolvers<CutOffReason>();
  const abort = (): void => resolve('aborted');
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  if (timeoutSeconds > 0) {
    timer = setTimeout(() => resolve('timed-out'), Math.min(timeoutSeconds * 1000, longestTimer));
  } else resolve('timed-out');
  return {
    reason: promise,
    release() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}

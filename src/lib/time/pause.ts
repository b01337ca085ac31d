/** Waits, at most until the signal aborts: then it rejects with the signal's reason. */
export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  // node:timers/promises does the same and costs a millisecond to load.
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, seconds * 1000);
    signal.addEventListener('abort', abort, { once: true });
  });
}

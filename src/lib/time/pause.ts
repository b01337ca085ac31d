/** Milliseconds, 24.8 days: setTimeout fires at once for anything longer, and a loop would spin. */
const longest = 2 ** 31 - 1;

/** Waits, at most until the signal aborts: then it rejects with the signal's reason. */
export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  // node:timers/promises does the same and costs a millisecond to load.
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let timer: NodeJS.Timeout;
    const wait = (milliseconds: number): void => {
      const part = Math.min(milliseconds, longest);
      timer = setTimeout(() => (part < milliseconds ? wait(milliseconds - part) : end()), part);
    };
    const end = (): void => {
      signal.removeEventListener('abort', abort);
      resolve();
    };
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    wait(seconds * 1000);
  });
}

import { formatDuration } from '../quantity/duration.ts';
import { DeliveryFailure } from '../notify/notifier.ts';
import type { SpoolEntry } from './entry.ts';

export type Deliver = (entry: SpoolEntry, limits: { signal: AbortSignal; deadlineSeconds: number }) => Promise<void>;

/** What is left of the time after a delivery was aborted: to close a connection, or to hear that it was taken after all. */
const longestMargin = 0.5;

/**
 * Delivers one entry and is over within `seconds`, also when `deliver` does not look at its signal. Rejects with what
 * `deliver` does, with a DeliveryFailure when the time is up, and with the reason of `signal`.
 */
export async function deliverWithin(
  deliver: Deliver,
  entry: SpoolEntry,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const margin = Math.min(longestMargin, seconds / 10);
  const abortAfter = seconds - margin;
  // Sooner again: whoever keeps to it can say who was late.
  const deadlineSeconds = abortAfter - margin;
  const controller = new AbortController();
  const { promise: cutOff, reject } = Promise.withResolvers<never>();
  let timer = setTimeout(() => {
    abort(new DeliveryFailure(`not done within ${formatDuration(seconds)}`, { permanent: false }));
  }, abortAfter * 1000);

  function abort(reason: Error): void {
    if (controller.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(() => reject(reason), margin * 1000);
    controller.abort(reason);
  }
  const onAbort = (): void => abort(signal.reason as Error);
  signal.addEventListener('abort', onAbort);
  try {
    await Promise.race([deliver(entry, { signal: controller.signal, deadlineSeconds }), cutOff]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Something did not answer in time, such as a file on a mount whose server is gone. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export interface DeadlineOptions {
  signal: AbortSignal;
  timeoutSeconds: number;
}

/** Waits for calls until time is up. */
export interface Deadline {
  /** The call's own result; rejects with NoAnswer when time is up, and with the signal's reason. */
  wait<Result>(call: Promise<Result>): Promise<Result>;
}

/**
 * Does some work with a limit for calls that nothing can end, as those of node:fs are: they go on, but nobody waits for
 * them any longer. One that hangs in the kernel keeps its thread, of which there are four by default, so do not try the
 * next one there.
 */
export async function withDeadline<Result>(
  { signal, timeoutSeconds }: DeadlineOptions,
  work: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting when it happens.
  over.catch(() => undefined);
  const late = (): void => reject(new NoAnswer(`did not answer within ${timeoutSeconds}s`));
  // What is longer than setTimeout takes would otherwise be no time at all.
  const timer = setTimeout(late, Math.min(timeoutSeconds * 1000, 2 ** 31 - 1));
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await work({ wait: (call) => Promise.race([over, call]) });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

import type { DeliveryPatience, JobHost } from './job-host.ts';

export interface DeliveryLimits {
  deadlineSeconds: number;
  /** Nobody waits any longer: what was not told by then waits in the spool. */
  signal: AbortSignal;
  /** Nothing is waited for any more. */
  close(): void;
}

const usual: DeliveryPatience = { usualSeconds: 20, hurriedSeconds: 5 };

/**
 * From now on. It is not ended by the interruption that has ended the job, whose alert has to get out, too; one that
 * comes while it goes on leaves it the time of an interrupted run, and a second one none.
 */
export function openDeliveryLimits(
  { patience = usual, signal, urgent }: Pick<JobHost, 'patience' | 'signal' | 'urgent'>,
  isInterrupted: boolean,
): DeliveryLimits {
  const { usualSeconds, hurriedSeconds } = patience;
  const deadlineSeconds = isInterrupted ? hurriedSeconds : usualSeconds;
  const controller = new AbortController();
  const end = (): void => controller.abort(new Error('there was no time left'));
  // Whoever keeps to the deadline is over before that, and can say who was late.
  const timers = [setTimeout(end, (deadlineSeconds + 0.5) * 1000)];
  const hurry = (): void => void timers.push(setTimeout(end, hurriedSeconds * 1000));
  if (!signal.aborted) signal.addEventListener('abort', hurry, { once: true });
  if (!urgent.aborted) urgent.addEventListener('abort', end, { once: true });
  return {
    deadlineSeconds,
    signal: controller.signal,
    close() {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', hurry);
      urgent.removeEventListener('abort', end);
    },
  };
}

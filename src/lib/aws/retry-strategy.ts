import type { EC2ClientConfig } from '@aws-sdk/client-ec2';
import type { SessionSettings } from './session.ts';

type Configured = NonNullable<EC2ClientConfig['retryStrategy']>;
type Strategy = Extract<Configured, { acquireInitialRetryToken: unknown }>;
type Token = Awaited<ReturnType<Strategy['acquireInitialRetryToken']>>;
type Failure = Parameters<Strategy['refreshRetryTokenForRetry']>[1];

/** Seconds. */
const longest = 20;

/**
 * When a request is sent again, in the SDK's own terms (exponential, full jitter, 1 s for throttles and 50 ms for all
 * else, at most 20 s). The SDK's strategies wait with timers of their own, which no test clock drives, and give up for
 * good when a quota of retries is used up: of 200 stops under a bucket of 50 they lost 97.
 *
 * Adaptive: whoever is throttled makes all requests of the same client wait, not only its own.
 */
export function retryStrategy(settings: SessionSettings): Strategy {
  const { signal, log, pause, monotonic } = settings;
  let quietUntil = -Infinity;

  const wait = async (seconds: number): Promise<void> => {
    if (seconds > 0) await pause(seconds, signal);
  };
  const waitForQuiet = async (): Promise<void> => {
    // Others may be throttled meanwhile; the limit is for a pause that does not move the clock.
    for (let round = 0; round < 10 && monotonic() < quietUntil; round++) await wait(quietUntil - monotonic());
  };

  return {
    async acquireInitialRetryToken() {
      await waitForQuiet();
      return token(0);
    },
    async refreshRetryTokenForRetry(before, failure) {
      const retries = before.getRetryCount() + 1;
      if (retries >= triesOf(failure, settings.maxAttempts)) throw new Error('not sent again');
      const isThrottled = failure.errorType === 'THROTTLING';
      const seconds = Math.max(backoff(retries, isThrottled), hintOf(failure));
      log.debug(`sent again in ${seconds.toFixed(2)} s`, { try: retries + 1, reason: nameOf(failure.error) });
      if (isThrottled && settings.retryMode === 'adaptive') {
        quietUntil = Math.max(quietUntil, monotonic() + seconds);
        await waitForQuiet();
      } else {
        await wait(seconds);
      }
      return token(retries);
    },
    recordSuccess() {},
  };
}

function token(retries: number): Token {
  return { getRetryCount: () => retries, getRetryDelay: () => 0 };
}

function backoff(retries: number, isThrottled: boolean): number {
  return Math.random() * Math.min(longest, (isThrottled ? 1 : 0.05) * 2 ** (retries - 1));
}

/** What Retry-After asks for, in seconds, within bounds. */
function hintOf({ retryAfterHint }: Failure): number {
  if (retryAfterHint === undefined) return 0;
  return Math.min(longest, Math.max(0, (retryAfterHint.getTime() - Date.now()) / 1000));
}

const unreachable = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

/** Tries in all. A host that is not there, or never answers, will hardly be there after minutes. */
function triesOf({ error, errorType }: Failure, maxAttempts: number): number {
  if (errorType !== 'THROTTLING' && errorType !== 'TRANSIENT') return 1;
  // Ours already: credentials that could not be found, whatever the cause within.
  if (nameOf(error) === 'UserError') return 1;
  const isUnanswered = nameOf(error) === 'TimeoutError' || unreachable.has(codeOf(error));
  return isUnanswered ? Math.min(3, maxAttempts) : maxAttempts;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

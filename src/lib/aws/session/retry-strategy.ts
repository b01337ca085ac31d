import type { EC2ClientConfig } from '@aws-sdk/client-ec2';
import { errorCode } from '../failure/error-code.ts';
import type { SessionSettings } from './session.ts';

type Configured = NonNullable<EC2ClientConfig['retryStrategy']>;
type Strategy = Extract<Configured, { acquireInitialRetryToken: unknown }>;
type Failure = Parameters<Strategy['refreshRetryTokenForRetry']>[1];

/** How often a request failed until now, by the reason. */
interface Failures {
  throttled: number;
  /** Nobody was there, or nobody answered. */
  unanswered: number;
  other: number;
}
type Token = Awaited<ReturnType<Strategy['acquireInitialRetryToken']>> & { failures?: Failures };

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
      return token({ throttled: 0, unanswered: 0, other: 0 });
    },
    async refreshRetryTokenForRetry(before: Token, failure) {
      const kind = kindOf(failure);
      const failures: Failures = { ...before.failures! };
      if (kind !== undefined) failures[kind] += 1;
      const retries = before.getRetryCount() + 1;
      const isHopeless = failures.unanswered >= mostUnanswered && kind === 'unanswered';
      if (kind === undefined || isHopeless || retries >= settings.maxAttempts) throw new Error('not sent again');
      const isThrottled = kind === 'throttled';
      const seconds = Math.max(backoff(failures[kind], isThrottled), hintOf(failure));
      log.debug(`sent again in ${seconds.toFixed(2)} s`, { try: retries + 1, reason: nameOf(failure.error) });
      if (isThrottled && settings.retryMode === 'adaptive') {
        quietUntil = Math.max(quietUntil, monotonic() + seconds);
        await waitForQuiet();
      } else {
        await wait(seconds);
      }
      return token(failures);
    },
    recordSuccess() {},
  };
}

function token(failures: Failures): Token {
  const retries = failures.throttled + failures.unanswered + failures.other;
  return { getRetryCount: () => retries, getRetryDelay: () => 0, failures };
}

/** Seconds before the try after this many failures of a kind. */
function backoff(count: number, isThrottled: boolean): number {
  return Math.random() * Math.min(longest, (isThrottled ? 1 : 0.05) * 2 ** (count - 1));
}

/** What Retry-After asks for, in seconds, within bounds. */
function hintOf({ retryAfterHint }: Failure): number {
  if (retryAfterHint === undefined) return 0;
  return Math.min(longest, Math.max(0, (retryAfterHint.getTime() - Date.now()) / 1000));
}

const unreachable = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

/** Tries that nobody answers. A host that is not there, or never answers, will hardly be there after minutes. */
const mostUnanswered = 3;

/** Undefined: the same request would fail the same way. */
function kindOf({ error, errorType }: Failure): keyof Failures | undefined {
  // Ours already: credentials that could not be found, whatever the cause within.
  if (nameOf(error) === 'UserError') return undefined;
  if (errorType === 'THROTTLING') return 'throttled';
  // It has status 500, but no room is no trouble of the server; who starts instances knows better when to ask again.
  if (errorType !== 'TRANSIENT' || /^Insufficient\w*Capacity/.test(errorCode(error))) return undefined;
  return nameOf(error) === 'TimeoutError' || unreachable.has(codeOf(error)) ? 'unanswered' : 'other';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

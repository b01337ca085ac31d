import type { Alert } from './alert.ts';

/** One way to tell somebody. */
export interface Notifier {
  /** As in devops.yaml, or `mailto:ops@example.org`. */
  name: string;
  kind: 'mail' | 'webhook' | 'slack' | 'healthchecks';
  /**
   * Resolves when the other side has taken the alert; it is asked at most once at a time. Rejects with a
   * DeliveryFailure, or with the signal's reason.
   */
  deliver(alert: Alert, limits: DeliveryLimits): Promise<void>;
}

export interface DeliveryLimits {
  signal: AbortSignal;
  deadlineSeconds: number;
  /** Only these of its recipients: those that an earlier try has left, see `undelivered`. Absent: all. */
  recipients?: readonly string[];
}

/** That an alert could not be handed over. The message is for people and holds no secret, no URL with a token. */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure';
  /** Trying again can never help: a recipient that does not exist, a webhook that answers 410. */
  readonly permanent: boolean;
  /** How long the other side asks us to wait before the next try (RFC 9110, Retry-After), at most a day. */
  readonly retryAfterSeconds?: number;
  /** Set where others of its recipients have got it: whom the next try is for. */
  readonly undelivered?: readonly string[];

  constructor(message: string, options: DeliveryFailureOptions) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.permanent = options.permanent;
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
    if (options.undelivered !== undefined) this.undelivered = options.undelivered;
  }
}

export interface DeliveryFailureOptions {
  permanent: boolean;
  retryAfterSeconds?: number | undefined;
  undelivered?: readonly string[] | undefined;
  cause?: unknown;
}

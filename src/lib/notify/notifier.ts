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
  deliver(alert: Alert, limits: { signal: AbortSignal; deadlineSeconds: number }): Promise<void>;
}

/** That an alert could not be handed over. The message is for people and holds no secret, no URL with a token. */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure';
  /** Trying again can never help: a recipient that does not exist, a webhook that answers 410. */
  readonly permanent: boolean;

  constructor(message: string, options: { permanent: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.permanent = options.permanent;
  }
}

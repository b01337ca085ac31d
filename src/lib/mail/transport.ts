import type { SmtpSettings } from '../notify/settings.ts';
import type { Mail } from './mail.ts';

/** What takes our mail. */
export type TransportSettings =
  | { kind: 'smtp'; smtp: SmtpSettings<string> }
  /** A program that is called as sendmail(8) is; `env` is its whole environment. */
  | { kind: 'sendmail'; path: string; env: Readonly<Record<string, string | undefined>> };

export interface Transport {
  /** For messages: `mail.example.org:587` or `/usr/sbin/sendmail`. */
  readonly name: string;
  /**
   * Resolves when the server or the program has taken the mail. When it took it for some recipients only, the others are
   * in `refused`; they have no copy, and nobody but the caller can tell. Rejects with a DeliveryFailure when nobody got a
   * copy, or cannot be told to have one, or with the reason of the signal.
   */
  send(mail: Mail, limits: SendLimits): Promise<SendResult>;
}

export interface SendLimits {
  signal: AbortSignal;
  /** For everything, from the look-up of the name to the last answer. */
  deadlineSeconds: number;
}

export interface SendResult {
  /** One line of the one who took it, such as `250 2.0.0 queued as 1F2A`. */
  response: string;
  refused: readonly RefusedRecipient[];
}

/** Somebody who has no copy of a mail that others have. */
export interface RefusedRecipient {
  /** As it stands in the mail's `to`. */
  recipient: string;
  /** One line for people. */
  reason: string;
  /** Trying again can never help. */
  permanent: boolean;
}

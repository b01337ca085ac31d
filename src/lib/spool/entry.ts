import type { Mail } from '../mail/mail.ts';
import type { Alert } from '../notify/alert.ts';

/** What waits on disk until somebody has taken it. */
export interface SpoolEntry {
  version: 1;
  /** A UUID, and the name of its file. */
  id: string;
  /** Unix time in seconds. */
  createdAt: number;
  /** Name of a notifier, or `mailto:ops@example.org`; of a `mail` the notifier whose server is to be used, '' for none. */
  to: string;
  content: { alert: Alert } | { mail: Mail };
  /** Only these of its recipients: the others have got it. Absent: all. */
  recipients?: readonly string[];
  /** Tries so far. */
  attempts: number;
  /** Unix time in seconds before which nobody tries again. */
  notBefore: number;
  /** Why the last try failed; one line. */
  lastError?: string;
}

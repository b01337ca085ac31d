/** What became of a mail. */
export interface MailSent {
  /** As they were given. */
  to: readonly string[];
  subject: string;
  /** `spooled`: it waits on disk and is sent later. */
  state: 'delivered' | 'spooled';
  /** What the server said when it took the mail. */
  response?: string;
  /** Message-ID without its angle brackets. */
  messageId?: string;
  /** Why it waits. */
  reason?: string;
}

/** One message, before it is put into the form of RFC 5322. */
export interface Mail {
  /** `ops@example.org` or `Name <ops@example.org>`; undefined leaves it to the transport. */
  from?: string;
  /** At least one; none holds a line end. */
  to: readonly string[];
  subject: string;
  text: string;
  html?: string;
  attachments: readonly MailAttachment[];
  /** What stands between the angle brackets: the same for every try to send it, so that a reader can drop a second copy. */
  messageId: string;
  /** Such as Auto-Submitted (RFC 3834). */
  headers?: Readonly<Record<string, string>>;
}

export interface MailAttachment {
  /** Without a folder. */
  name: string;
  /** Such as `text/plain; charset=utf-8`; left out, it is told by the name. */
  contentType?: string;
  /** The bytes in base64, because a waiting mail is kept as JSON. */
  base64: string;
}

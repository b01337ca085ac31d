import { randomUUID } from 'node:crypto';
import { mailHost } from './default-sender.ts';
import type { Mail, MailAttachment } from './mail.ts';

export interface OutgoingMail {
  from: string;
  to: readonly string[];
  subject: string;
  body: Uint8Array;
  attachments: readonly { name: string; bytes: Uint8Array }[];
  /** Of this machine, for the Message-ID. */
  host: string;
  now: Date;
}

/**
 * A mail of a body that somebody piped in and of files. A body that is no UTF-8 goes along as a file, to the bit, and
 * the text says so. The date is that of now, however long the mail waits.
 */
export function outgoingMail({ from, to, subject, body, attachments, host, now }: OutgoingMail): Mail {
  const files = attachments.map(({ name, bytes }): MailAttachment => ({ name, base64: base64(bytes) }));
  let text = textOf(body);
  if (text === undefined) {
    text = 'The text of this mail is no UTF-8: it is attached as body.bin.\n';
    files.unshift({ name: 'body.bin', contentType: 'application/octet-stream', base64: base64(body) });
  }
  return {
    from,
    to,
    subject,
    text,
    attachments: files,
    messageId: `${randomUUID()}@${mailHost(host)}`,
    // RFC 3834: no note that somebody is on holiday comes back.
    headers: { Date: now.toUTCString().replace(/GMT$/, '+0000'), 'Auto-Submitted': 'auto-generated' },
  };
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

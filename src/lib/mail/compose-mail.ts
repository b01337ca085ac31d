import type { MailComposerAlternative } from 'nodemailer/lib/mail-composer';
import { DeliveryFailure } from '../notify/notifier.ts';
import { type MailAddress, parseAddress } from './address.ts';
import { encodeHeaderText, flattenHeaderText } from './header-text.ts';
import type { Mail, MailAttachment } from './mail.ts';

/** One message as it goes over the wire (RFC 5322, MIME), with whom it is from and for. */
export interface ComposedMail {
  from: string;
  to: readonly string[];
  /** What stands in the mail's `to` for each of them, by address. */
  written: ReadonlyMap<string, readonly string[]>;
  /** Line ends are CRLF. */
  bytes: Buffer;
}

export const mostRecipients = 100;
/** Of the text, the HTML and the attachments together, before they are encoded. */
export const mostBytes = 25 * 1024 * 1024;
const longestSubject = 20_000;

/** Headers that say who gets the mail or how it is read are made here and nowhere else. */
const ownHeaders =
  /^(?:from|sender|to|cc|bcc|reply-to|subject|message-id|mime-version|content-.*|resent-.*|return-path)$/i;

/**
 * The bytes of a mail. What a reader gets is the mail's text to the bit; only a final line end is added, and line ends
 * are those of mail. A subject or header loses its control characters, which is what header injection is made of.
 *
 * `from` is used when the mail names nobody; `now` when its headers have no Date. Throws DeliveryFailure (permanent) for
 * a mail that no server could take.
 */
export async function composeMail(mail: Mail, defaults: { from: string; now: Date }): Promise<ComposedMail> {
  const from = address(mail.from ?? defaults.from);
  const to = mail.to.map(address);
  const subject = flattenHeaderText(mail.subject);
  const attachments = mail.attachments.map(attachmentPart);
  checkMail(mail, subject, attachments);

  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composer = new MailComposer({
    from: named(from),
    to: to.map(named),
    messageId: `<${mail.messageId}>`,
    date: writtenAt(mail) ?? defaults.now,
    text: textPart(mail.text),
    ...(mail.html === undefined ? {} : { html: textPart(mail.html) }),
    attachments,
    headers: headersOf(mail, subject),
    // Nothing of a mail may make us read a file or ask a server.
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  });
  // One copy for each, also for one who is named twice.
  const written = Map.groupBy(mail.to, (_, index) => to[index]!.address);
  return { from: from.address, to: [...written.keys()], written, bytes: await composer.compile().build() };
}

function address(text: string): MailAddress {
  try {
    return parseAddress(text);
  } catch (error) {
    throw new DeliveryFailure(error instanceof Error ? error.message : String(error), {
      permanent: true,
      cause: error,
    });
  }
}

function named(from: MailAddress): { name: string; address: string } {
  return { name: from.name ?? '', address: from.address };
}

function checkMail(mail: Mail, subject: string, attachments: readonly { content: Buffer }[]): void {
  const refuse = (why: string) => {
    throw new DeliveryFailure(`this mail cannot be sent: ${why}`, { permanent: true });
  };
  if (mail.to.length === 0) refuse('it is for nobody');
  if (mail.to.length > mostRecipients) refuse(`it is for more than ${mostRecipients} people`);
  if (subject.length > longestSubject) refuse(`its subject has more than ${longestSubject} characters`);
  if (!/^[!-;=?A-Z[-~]{1,120}@[!-;=?A-Z[-~]{1,120}$/i.test(mail.messageId)) refuse('its Message-ID is none');
  let bytes = Buffer.byteLength(mail.text) + Buffer.byteLength(mail.html ?? '');
  for (const { content } of attachments) bytes += content.length;
  if (bytes > mostBytes) refuse('it has more than 25 MiB');
}

/** When the mail was written: it may have waited since. Undefined when it does not say, or says something else. */
function writtenAt(mail: Mail): Date | undefined {
  const written = Object.entries(mail.headers ?? {}).find(([name]) => isDate(name))?.[1];
  const date = new Date(written ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function isDate(name: string): boolean {
  return name.toLowerCase() === 'date';
}

function headersOf(mail: Mail, subject: string): { key: string; value: { prepared: true; value: string } }[] {
  const others = Object.entries(mail.headers ?? {}).filter(([name]) => !isDate(name));
  const headers = others.map(([name, value]) => {
    if (!/^[A-Za-z][A-Za-z0-9-]{0,70}$/.test(name) || ownHeaders.test(name)) {
      throw new DeliveryFailure('this mail cannot be sent: it has a header that is not its own to set', {
        permanent: true,
      });
    }
    return { name, value: flattenHeaderText(value).slice(0, longestSubject) };
  });
  headers.push({ name: 'Subject', value: subject });
  return headers
    .filter(({ value }) => value !== '')
    .map(({ name, value }) => ({ key: name, value: { prepared: true, value: encodeHeaderText(name, value) } }));
}

/**
 * Text with a CR or another control character goes in base64, as it is: a transport may take it for a line end, and
 * quoted-printable would write it as one. For all other text nodemailer chooses 7bit, quoted-printable or base64.
 */
function textPart(text: string): MailComposerAlternative {
  const whole = (text.endsWith('\n') ? text : `${text}\n`).toWellFormed();
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const isHarmless = /^[^\u0000-\u0008\u000B-\u001F\u007F]*$/.test(whole);
  // Trailing blanks are cut by some servers on the way.
  const encoding = isHarmless ? (/[ \t]$/m.test(whole) ? 'quoted-printable' : undefined) : 'base64';
  return { content: whole, ...(encoding === undefined ? {} : { contentTransferEncoding: encoding }) };
}

function attachmentPart({ name, contentType, base64 }: MailAttachment) {
  return {
    filename: flattenHeaderText(name.slice(name.lastIndexOf('/') + 1)).slice(0, 200) || 'attachment',
    content: Buffer.from(base64, 'base64'),
    contentTransferEncoding: 'base64',
    contentDisposition: 'attachment',
    ...(contentType === undefined ? {} : { contentType: flattenHeaderText(contentType) }),
  };
}

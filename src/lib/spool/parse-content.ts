import type { Mail } from '../mail/mail.ts';
import type { Alert } from '../notify/alert.ts';
import type { SpoolEntry } from './entry.ts';

type Fields = Partial<Record<string, unknown>>;

/** The content of an entry; undefined for what is none, or would fail halfway through its delivery. */
export function parseContent(stored: unknown): SpoolEntry['content'] | undefined {
  const { alert, mail }: Fields = Object(stored);
  if (isAlert(alert)) return { alert };
  return isMail(mail) ? { mail } : undefined;
}

function isAlert(stored: unknown): stored is Alert {
  const alert: Fields = Object(stored);
  const { subjects, run } = alert;
  return (
    ['id', 'kind', 'severity', 'job', 'host', 'title'].every((name) => typeof alert[name] === 'string') &&
    Array.isArray(subjects) &&
    subjects.every(isSubject) &&
    (run === undefined || (typeof run === 'object' && run !== null))
  );
}

function isSubject(stored: unknown): boolean {
  const subject: Fields = Object(stored);
  return ['status', 'subject', 'code', 'message', 'change', 'since'].every((name) => typeof subject[name] === 'string');
}

function isMail(stored: unknown): stored is Mail {
  const mail: Fields = Object(stored);
  const { to, attachments } = mail;
  return (
    ['subject', 'text', 'messageId'].every((name) => typeof mail[name] === 'string') &&
    Array.isArray(to) &&
    to.length > 0 &&
    to.every((address) => typeof address === 'string') &&
    Array.isArray(attachments) &&
    attachments.every(isAttachment)
  );
}

function isAttachment(stored: unknown): boolean {
  const { name, base64 }: Fields = Object(stored);
  return typeof name === 'string' && typeof base64 === 'string';
}

import { parseAddress } from '../mail/address.ts';
import type { Mail, MailAttachment } from '../mail/mail.ts';
import type { Transport } from '../mail/transport.ts';
import type { Alert } from './alert.ts';
import { oneLine } from './describe-alert.ts';
import { DeliveryFailure, type Notifier } from './notifier.ts';

export interface MailTarget {
  name: string;
  to: readonly string[];
  from: string;
  transport: Transport;
}

/** Of the log that goes along. */
const mostLogBytes = 256 * 1024;

/**
 * Tells by mail. When a server takes it for some recipients only, it is a failure that names the others in
 * `undelivered`; where the caller cannot ask for those alone, all get it once more, with the same Message-ID.
 */
export function mailNotifier({ name, to, from, transport }: MailTarget): Notifier {
  return {
    name,
    kind: 'mail',
    async deliver(alert, { signal, deadlineSeconds, recipients }) {
      // Who is left from an earlier try may have been taken out of the configuration since.
      const wanted =
        recipients === undefined ? to : to.filter((each) => recipients.includes(parseAddress(each).address));
      if (wanted.length === 0) return;
      const { renderAlertHtml } = await import('./render-alert-html.ts');
      const { renderAlertText } = await import('./render-alert-text.ts');
      const mail = {
        ...mailOf(alert, wanted, from),
        text: renderAlertText(alert),
        html: renderAlertHtml(alert),
      };
      const { refused } = await transport.send(mail, { signal, deadlineSeconds });
      if (refused.length === 0) return;
      const temporary = refused.filter(({ permanent }) => !permanent);
      const reasons = refused.map(({ recipient, reason }) => `${recipient}: ${reason}`).join('; ');
      throw new DeliveryFailure(`${transport.name} took the mail, but not for all: ${oneLine(reasons, 500)}`, {
        permanent: temporary.length === 0,
        undelivered: temporary.map(({ recipient }) => recipient),
      });
    },
  };
}

function mailOf(alert: Alert, to: readonly string[], from: string): Omit<Mail, 'text' | 'html'> {
  return {
    from,
    to,
    subject: oneLine(alert.title, 200),
    attachments: attachmentsOf(alert),
    messageId: `${alert.id}@${hostPart(alert.host)}`,
    // No answer by machines (RFC 3834): no note that somebody is on holiday.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** The right side of a Message-ID, for which any word will do. */
function hostPart(host: string): string {
  const name = host
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, '-')
    .slice(0, 100);
  return /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(name) ? name : 'localhost';
}

/** The output as it is: its end when it is longer than the cap. */
function attachmentsOf({ run }: Alert): MailAttachment[] {
  if (run?.output === undefined || run.output === '') return [];
  const bytes = Buffer.from(run.output);
  const id = run.id.replaceAll(/[^\w-]/g, '').slice(0, 64);
  return [
    {
      name: `job-${id}.log`,
      contentType: 'text/plain; charset=utf-8',
      base64: bytes.subarray(Math.max(0, bytes.length - mostLogBytes)).toString('base64'),
    },
  ];
}

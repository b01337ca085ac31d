import type { Transport, TransportSettings } from './transport.ts';

/** What a transport has to know of the machine. */
export interface MailPlace {
  /** Who writes when a mail does not say: `ops@example.org`. */
  from: string;
  /** For getent(1), SSL_CERT_FILE and NODE_EXTRA_CA_CERTS. */
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
}

/**
 * A way to send mail. Nothing is opened before the first mail; each mail has a connection or a process of its own, and
 * nothing is left open behind it.
 */
export function openTransport(settings: TransportSettings, place: MailPlace): Transport {
  const name = settings.kind === 'smtp' ? `${bracketed(settings.smtp.host)}:${settings.smtp.port}` : settings.path;
  return {
    name,
    async send(mail, limits) {
      limits.signal.throwIfAborted();
      const { composeMail } = await import('./compose-mail.ts');
      const composed = await composeMail(mail, { from: place.from, now: place.now() });
      if (settings.kind === 'smtp') {
        const { sendBySmtp } = await import('./send-by-smtp.ts');
        return sendBySmtp(settings.smtp, composed, { name, env: place.env }, limits);
      }
      const { sendBySendmail } = await import('./send-by-sendmail.ts');
      return sendBySendmail(settings, composed, limits);
    },
  };
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

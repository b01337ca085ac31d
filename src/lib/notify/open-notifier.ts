import type { SecretReader } from '../secrets/resolve-secret.ts';
import type { Notifier } from './notifier.ts';
import type { MailNotifierSettings, NotifierSettings } from './settings.ts';
import { unknownNotifier } from './unknown-notifier.ts';

export interface NotifierPlace extends SecretReader {
  /** `notify` of devops.yaml, by name. */
  settings: Readonly<Record<string, NotifierSettings>>;
  /** Ours: for the sender of mails. */
  hostname: string;
  /** Of the program, for the User-Agent. */
  version?: string;
  now(): Date;
  /** Where sendmail is looked for before the PATH. */
  sendmailPaths?: readonly string[];
}

/**
 * The notifier of that name, or the one of `mailto:ops@example.org`. Its secrets are read now, so that one which is
 * missing is found before anything is sent; nothing is connected to before the first alert. Throws UserError: `usage`
 * for a name that is none, `config` for a secret or a URL that cannot be used.
 */
export async function openNotifier(name: string, place: NotifierPlace): Promise<Notifier> {
  if (/^mailto:/i.test(name)) {
    const { parseMailto } = await import('../mail/mailto.ts');
    return openMail(name, { type: 'mail', to: [parseMailto(name)] }, place);
  }
  const { settings, env, version } = place;
  if (!Object.hasOwn(settings, name)) throw unknownNotifier(name, Object.keys(settings));
  const own = settings[name]!;
  if (own.type === 'mail') return openMail(name, own, place);
  const { secretUrl } = await import('./secret-url.ts');
  const target = {
    name,
    url: secretUrl(own.url, name, place),
    userAgent: version === undefined ? 'devops' : `devops/${version}`,
    env,
  };
  switch (own.type) {
    case 'webhook': {
      const { secretHeaders } = await import('./secret-headers.ts');
      const { webhookNotifier } = await import('./webhook-notifier.ts');
      return webhookNotifier({ ...target, headers: secretHeaders(own.headers, name, place) });
    }
    case 'slack': {
      const { slackNotifier } = await import('./slack-notifier.ts');
      return slackNotifier(target);
    }
    case 'healthchecks': {
      const { healthchecksNotifier } = await import('./healthchecks-notifier.ts');
      return healthchecksNotifier({ ...target, states: own.states });
    }
  }
}

async function openMail(name: string, settings: MailNotifierSettings, place: NotifierPlace): Promise<Notifier> {
  const { env, uid, hostname, now, sendmailPaths } = place;
  const { defaultSender } = await import('../mail/default-sender.ts');
  const { mailNotifier } = await import('./mail-notifier.ts');
  const { smtp, to } = settings;
  const from = settings.from ?? defaultSender({ env, uid, host: hostname });
  if (smtp === undefined) {
    const { defaultTransport } = await import('../mail/default-transport.ts');
    const options = { env, uid, now, ...(sendmailPaths === undefined ? {} : { sendmailPaths }) };
    return mailNotifier({ name, to, from, transport: await defaultTransport(options) });
  }
  const { openTransport } = await import('../mail/open-transport.ts');
  const { password, ...server } = smtp;
  const { resolveSecret } = await import('../secrets/resolve-secret.ts');
  const secret = password === undefined ? {} : { password: resolveSecret(password, place) };
  const transport = openTransport({ kind: 'smtp', smtp: { ...server, ...secret } }, { from, env, now });
  return mailNotifier({ name, to, from, transport });
}

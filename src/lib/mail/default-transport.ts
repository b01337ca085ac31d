import { UserError } from '../errors/user-error.ts';
import { findProgram } from '../shell/find-program.ts';
import { defaultSender } from './default-sender.ts';
import { openTransport } from './open-transport.ts';
import { parseSmtpUrl } from './parse-smtp-url.ts';
import { sendmailPlaces } from './sendmail-places.ts';
import type { Transport, TransportSettings } from './transport.ts';

export interface DefaultTransportOptions {
  env: Readonly<Record<string, string | undefined>>;
  uid: number;
  now(): Date;
  /** Where sendmail is looked for before the PATH. */
  sendmailPaths?: readonly string[];
}

/**
 * How mail leaves this machine when nobody has configured it: the server of DEVOPS_SMTP_URL, else the local sendmail.
 * Throws UserError (code config) when there is neither, or the URL is none.
 */
export async function defaultTransport(options: DefaultTransportOptions): Promise<Transport> {
  const { env, uid, now } = options;
  return openTransport(await defaultSettings(options), { env, now, from: defaultSender({ env, uid }) });
}

async function defaultSettings({ env, sendmailPaths }: DefaultTransportOptions): Promise<TransportSettings> {
  const url = env['DEVOPS_SMTP_URL'];
  if (url !== undefined && url !== '') return { kind: 'smtp', smtp: parseSmtpUrl(url) };
  for (const candidate of [...(sendmailPaths ?? sendmailPlaces), 'sendmail']) {
    const path = await findProgram(candidate, env);
    if (path !== undefined) return { kind: 'sendmail', path, env };
  }
  throw new UserError('there is no way to send mail: DEVOPS_SMTP_URL is not set, and there is no sendmail', {
    code: 'config',
    hints: [
      'set DEVOPS_SMTP_URL=smtp://user:password@mail.example.org:587, or install a mail server such as msmtp-mta',
    ],
  });
}

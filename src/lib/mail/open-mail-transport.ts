import { UserError } from '../errors/user-error.ts';
import type { MailNotifierSettings } from '../notify/settings.ts';
import { resolveSecret } from '../secrets/resolve-secret.ts';
import { defaultSender } from './default-sender.ts';
import { type DefaultTransportOptions, defaultTransport } from './default-transport.ts';
import { openTransport } from './open-transport.ts';
import type { Transport } from './transport.ts';

/**
 * The way to send mail that a notifier of devops.yaml names, and who it is from; without one the way that the
 * environment names. Its password is read now. Throws UserError when there is none, or a secret is missing.
 */
export async function openMailTransport(
  settings: Pick<MailNotifierSettings, 'from' | 'smtp'> | undefined,
  options: DefaultTransportOptions & { host: string },
): Promise<{ transport: Transport; from: string }> {
  const { env, uid, now, host } = options;
  const from = settings?.from ?? defaultSender({ env, uid, host });
  if (settings?.smtp === undefined) return { transport: await defaultTransport(options), from };
  const { password: source, ...server } = settings.smtp;
  const password = source === undefined ? undefined : resolveSecret(source, { env, uid });
  if (server.user !== undefined && password === undefined) {
    throw new UserError('the mail server has a user and no password', {
      code: 'config',
      hints: ['add password: { env: NAME } or { file: PATH } beside user in devops.yaml'],
    });
  }
  return { transport: openTransport({ kind: 'smtp', smtp: { ...server, password } }, { env, now, from }), from };
}

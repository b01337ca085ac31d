import { hostname, userInfo } from 'node:os';
import { UserError } from '../errors/user-error.ts';
import { parseAddress } from './address.ts';

/**
 * Who writes when nobody says: DEVOPS_MAIL_FROM, else the account at this machine, as cron(8) does it. Throws UserError
 * (code config) for a DEVOPS_MAIL_FROM that is no address.
 */
export function defaultSender({
  env,
  uid,
  host = hostname(),
}: {
  env: Readonly<Record<string, string | undefined>>;
  uid: number;
  host?: string;
}): string {
  const chosen = env['DEVOPS_MAIL_FROM'];
  if (chosen !== undefined && chosen !== '') {
    try {
      parseAddress(chosen);
      return chosen;
    } catch (error) {
      throw new UserError(`DEVOPS_MAIL_FROM: ${error instanceof Error ? error.message : String(error)}`, {
        code: 'config',
        hints: ['set it to an address such as devops@example.org'],
        cause: error,
      });
    }
  }
  const account = [env['LOGNAME'], env['USER'], accountName()].find(
    (name) => name !== undefined && /^[a-z0-9_][a-z0-9_.-]{0,63}$/i.test(name) && !/\.(?:\.|$)/.test(name),
  );
  return `${account ?? (uid === 0 ? 'root' : 'devops')}@${mailHost(host)}`;
}

/** What follows the `@` of an address of this machine. */
export function mailHost(host: string): string {
  const name = host.toLowerCase().replaceAll(/[^a-z0-9.-]/g, '-');
  try {
    return parseAddress(`postmaster@${name}`).address.slice('postmaster@'.length);
  } catch {
    return 'localhost';
  }
}

/** From passwd; undefined for an account without an entry, as containers have them. */
function accountName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

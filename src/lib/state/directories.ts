import { isAbsolute, join } from 'node:path';
import { UserError } from '../errors/user-error.ts';

/** Who runs us, as far as it decides where state is kept. */
export interface Account {
  env: Readonly<Record<string, string | undefined>>;
  uid: number;
  /** From passwd, not $HOME, which cron may not set and sudo may keep from somebody else; undefined without an entry. */
  homeDirectory: string | undefined;
}

/** What must survive: history, spool, hysteresis. $STATE_DIRECTORY (systemd.exec(5)), /var/lib, XDG, home. */
export function stateDirectory(account: Account): string {
  return choose(account, {
    systemd: 'STATE_DIRECTORY',
    root: '/var/lib/devops',
    xdg: 'XDG_STATE_HOME',
    belowHome: '.local/state',
  });
}

/** What can be made again. $CACHE_DIRECTORY (systemd.exec(5)), /var/cache, XDG, home. */
export function cacheDirectory(account: Account): string {
  return choose(account, {
    systemd: 'CACHE_DIRECTORY',
    root: '/var/cache/devops',
    xdg: 'XDG_CACHE_HOME',
    belowHome: '.cache',
  });
}

/**
 * Lock files. For root always /run/devops, so that a systemd unit, cron and a terminal meet there. Never in
 * $XDG_RUNTIME_DIR: cron does not have it and a terminal does, and the same job would run twice at once.
 */
export function lockDirectory(account: Account): string {
  return account.uid === 0 ? '/run/devops' : join(stateDirectory(account), 'locks');
}

interface Places {
  systemd: string;
  root: string;
  xdg: string;
  belowHome: string;
}

function choose(account: Account, places: Places): string {
  const { env, uid } = account;
  // systemd joins several directories of one unit with colons.
  const fromSystemd = absolute(env[places.systemd]?.split(':')[0]);
  if (fromSystemd !== undefined) return fromSystemd;
  if (uid === 0) return places.root;
  // The XDG Base Directory Specification has relative values ignored.
  const base = absolute(env[places.xdg]);
  if (base !== undefined) return join(base, 'devops');
  const home = absolute(account.homeDirectory);
  if (home !== undefined) return join(home, places.belowHome, 'devops');
  throw new UserError(`cannot tell where to keep files: user ${uid} has no home directory in passwd`, {
    code: 'config',
    hints: [`set ${places.xdg} to an absolute path`],
  });
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

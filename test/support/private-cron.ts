import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireProgram, tellLeftOut } from './services.ts';

/**
 * The real cron and crontab(1) of Debian in a mount namespace where their spool, sendmail and the folders in which root
 * keeps state, caches and locks are those of a temporary folder: nothing of the machine is seen or touched.
 */
export interface PrivateCron {
  cron: string;
  /** argv that runs lines of sh inside, with `folder` as the current one. */
  argv(folder: string, lines: readonly string[]): [string, ...string[]];
}

/** What root of a fresh machine has. */
export const rootEnvironment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LOGNAME: 'root' };

/** Undefined where it cannot be had, and then the closing summary says that `why` was not tested. */
export function openPrivateCron(why: string): PrivateCron | undefined {
  const cron = requireProgram('cron', why);
  const unshare = requireProgram('unshare', why);
  if (cron === undefined || unshare === undefined) return undefined;
  if (process.getuid?.() !== 0) return tellLeftOut(`only root may mount a spool for cron: ${why}`);
  if (!mayMount(unshare)) return tellLeftOut(`this machine does not let root mount: ${why}`);
  return {
    cron,
    argv: (folder, lines) => {
      prepare(folder);
      const script = [...mounts, ...lines].join('\n');
      return [unshare, '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', folder, cron];
    },
  };
}

/** What cron and we see of these in its place: what crontab(1) needs, else nothing. */
const mounts = [
  'set -e',
  'cd "$1"',
  'chgrp crontab spool/crontabs; chmod 1730 spool/crontabs',
  'mount --bind spool /var/spool/cron',
  'mount --bind none /etc/cron.d',
  '[ ! -e /etc/crontab ] || mount --bind empty /etc/crontab',
  '[ ! -e /usr/sbin/sendmail ] || mount --bind sendmail /usr/sbin/sendmail',
  'mount --bind run /run',
  'mount --bind lib /var/lib',
  'mount --bind cache /var/cache',
];

function prepare(folder: string): void {
  if (existsSync(join(folder, 'spool'))) return;
  for (const name of ['spool/crontabs', 'none', 'run', 'lib', 'cache', 'mails']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'empty'), '');
  const file = `'${folder}'/mails/$$`;
  writeFileSync(
    join(folder, 'sendmail'),
    `#!/bin/sh\n{ echo "sendmail $*"; cat; } > ${file}.new; mv ${file}.new ${file}\n`,
  );
  chmodSync(join(folder, 'sendmail'), 0o755);
}

function mayMount(unshare: string): boolean {
  try {
    const words = ['--mount', '--propagation', 'private', 'mount', '-t', 'tmpfs', 'none', '/mnt'];
    execFileSync(unshare, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

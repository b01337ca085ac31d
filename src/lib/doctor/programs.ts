import { sendmailPlaces } from '../mail/sendmail-places.ts';
import type { RuleNeeds } from './rule-needs.ts';

/** A program that devops starts, and what is lost without it. */
export interface DrivenProgram {
  name: string;
  /** Where it is looked for before PATH. */
  places?: readonly string[];
  /** Words that make it print its version on the first line; undefined for one that has none: it is only looked for. */
  versionWords: readonly string[] | undefined;
  /** What cannot be done without it. */
  cost: string;
  install: string;
  neededBy(needs: RuleNeeds): boolean;
}

/** Every program that lib/shell is ever asked to start. */
export const drivenPrograms: readonly DrivenProgram[] = [
  {
    name: 'systemctl',
    versionWords: ['--version'],
    cost: 'sysinfo cannot list services',
    install: 'it comes with systemd; where there is no systemd there are no services to list',
    neededBy: ({ systemctl }) => systemctl,
  },
  {
    name: 'stat',
    versionWords: ['--version'],
    cost: 'sysinfo reports every network mount as an error',
    install: 'install coreutils, for instance with apt install coreutils',
    neededBy: () => false,
  },
  {
    name: 'getent',
    versionWords: ['--version'],
    cost: 'names that only the system knows are looked up in this process, which cannot be called off',
    install: 'it comes with the C library, on Debian in libc-bin, on Alpine in musl-utils',
    neededBy: () => false,
  },
  {
    name: 'journalctl',
    versionWords: ['--version'],
    cost: 'logs-grep --journal has nothing to read',
    install: 'it comes with systemd; where there is no systemd there is no journal',
    neededBy: () => false,
  },
  {
    name: 'flock',
    versionWords: ['--version'],
    cost: 'locks are files with the number of a process: other containers cannot check them, and a job that outlives its devops does not keep its lock',
    install: 'install util-linux, for instance with apt install util-linux',
    neededBy: () => false,
  },
  {
    name: 'xz',
    versionWords: ['--version'],
    cost: 'logs-grep cannot search .xz files',
    install: 'install xz-utils, for instance with apt install xz-utils',
    neededBy: () => false,
  },
  {
    name: 'bzip2',
    versionWords: ['--version'],
    cost: 'logs-grep cannot search .bz2 files',
    install: 'install bzip2, for instance with apt install bzip2',
    neededBy: () => false,
  },
  {
    name: 'sendmail',
    places: sendmailPlaces,
    versionWords: undefined,
    cost: 'mail has no way out of this machine where no server is configured (DEVOPS_SMTP_URL, notify in devops.yaml)',
    install: 'install a mail server, for instance with apt install msmtp-mta, or name a server',
    neededBy: () => false,
  },
  {
    name: 'crontab',
    versionWords: undefined,
    cost: 'schedule render --to crontab cannot install what it renders',
    install: 'install cron, for instance with apt install cron',
    neededBy: () => false,
  },
  {
    name: 'systemd-analyze',
    versionWords: ['--version'],
    cost: 'schedule render --to systemd installs its units without having them checked',
    install: 'it comes with systemd',
    neededBy: () => false,
  },
  {
    name: 'kubectl',
    versionWords: undefined,
    cost: 'schedule render --to kubernetes cannot install what it renders',
    install: 'install kubectl, or hand the output to somebody who has it',
    neededBy: () => false,
  },
];

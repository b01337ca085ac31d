import type { Config } from '../config/schema.ts';
import type { Job, RetryPolicy } from './job.ts';
import { jobNamePattern } from './job-name.ts';
import { fillIn } from './resolve-job.ts';

/** What was typed for `devops run -- CMD`, or for a subcommand with the flags of a job. Times are in seconds. */
export interface JobFlags {
  argv: readonly [string, ...string[]];
  /** Left out, it is made from the command and the folder: the same job has the same name every time. */
  name?: string | undefined;
  /** Where it is started. */
  cwd: string;
  /** Names of notifiers, or `mailto:` addresses; left out, those of the defaults. */
  notify?: readonly string[] | undefined;
  /** Left out, none is taken, unless the defaults say so. */
  lock?: string | undefined;
  /** How long to wait for the lock. */
  waitSeconds?: number | undefined;
  /** For each attempt; 0 is none, whatever the defaults say. */
  timeoutSeconds?: number | undefined;
  killAfterSeconds?: number | undefined;
  attempts?: number | undefined;
  backoff?: RetryPolicy['backoff'] | undefined;
  expect?: Partial<Job['expect']> | undefined;
}

/** A job that no file names: what was typed, then what `defaults` say, then what holds for every job. */
export function jobOfFlags(flags: JobFlags, config: Config = {}): Job {
  const { argv, cwd, lock } = flags;
  // The folder of the defaults is for jobs that are started from anywhere; this one is started where somebody is.
  const { cwd: _, ...defaults } = config.defaults ?? {};
  const name = flags.name ?? deriveJobName(argv, cwd);
  return withFlags(fillIn(name, { run: [...argv], lock: lock ?? defaults.lock ?? false }, defaults), flags);
}

/** A job with what was typed for this run. */
export function withFlags(resolved: Job, flags: Omit<JobFlags, 'argv' | 'cwd'>): Job {
  const { name, notify, lock, waitSeconds, timeoutSeconds, killAfterSeconds, attempts, backoff, expect } = flags;
  const { timeoutSeconds: limit = 0, ...job } = resolved;
  const timeout = timeoutSeconds ?? limit;
  return {
    ...job,
    ...(timeout === 0 ? {} : { timeoutSeconds: timeout }),
    ...(name === undefined ? {} : { name }),
    ...(notify === undefined ? {} : { notify: [...new Set(notify)] }),
    ...(lock === undefined ? {} : { lock }),
    ...(waitSeconds === undefined ? {} : { overlap: { kind: 'wait', seconds: waitSeconds } }),
    ...(killAfterSeconds === undefined ? {} : { killAfterSeconds }),
    retry: {
      ...job.retry,
      ...(attempts === undefined ? {} : { attempts }),
      ...(backoff === undefined ? {} : { backoff }),
    },
    expect: { ...job.expect, ...expect },
  };
}

/**
 * A name such as `backup.sh-1f09ac` or `ssl-expiry-a976fd`: of the program or the command of ours, and of a hash of all
 * words and the folder, so that history and alerts of two commands are never mixed.
 */
export function deriveJobName(argv: readonly string[], cwd: string): string {
  const first = (argv[0] ?? '').split('/').at(-1)!;
  // Of ours the command says more than our name.
  const program = first === 'devops' && /^[a-z][a-z-]*$/.test(argv[1] ?? '') ? argv[1]! : first;
  const readable = program.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  const name = `${readable.slice(0, 60) || 'job'}-${hashOf([cwd, ...argv])}`;
  if (!new RegExp(jobNamePattern).test(name)) throw new Error(`derived a name that is none: ${name}`);
  return name;
}

/** FNV-1a over UTF-16 code units, folded to 24 bits as its authors advise: node:crypto would cost a start more. */
function hashOf(words: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const word of words) {
    for (let index = 0; index < word.length; index++) hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
    // Between two words, so that `a b` and `ab` differ.
    hash = Math.imul(hash ^ 0x1_0000, 0x01000193);
  }
  const folded = ((hash >>> 24) ^ hash) & 0xffffff;
  return folded.toString(16).padStart(6, '0');
}

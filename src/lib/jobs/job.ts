import type { SecretSource } from '../secrets/secret-source.ts';

/** One job, from devops.yaml or from the flags of `devops run`, with every default filled in. Times are in seconds. */
export interface Job {
  name: string;
  /** The program and its arguments; `devops` is this very program. A string in devops.yaml is `/bin/sh -c` here. */
  argv: readonly [string, ...string[]];
  /** Five fields of crontab(5), `@daily` and the like; absent for a job that somebody else starts. */
  schedule?: string;
  /** IANA name; absent means the zone of the machine. */
  timezone?: string;
  /** The start is put off by a time below this, the same for this job on this machine at every run. */
  splaySeconds: number;
  catchUp: 'none' | 'latest';
  overlap: Overlap;
  /** Name of the lock: jobs that have the same one never run at once. Absent: none is taken. */
  lock?: string;
  /** For each attempt; absent means none. */
  timeoutSeconds?: number;
  /** Between TERM and KILL. */
  killAfterSeconds: number;
  retry: RetryPolicy;
  exit: ExitMapping;
  expect: Expectations;
  /** Names of notifiers, or `mailto:` addresses. */
  notify: readonly string[];
  notifyOn: NotifyPolicy;
  environment: JobEnvironment;
  /** Absent means where we are. */
  cwd?: string;
  keep: Keep;
}

export type Overlap = { kind: 'skip' } | { kind: 'wait'; seconds: number } | { kind: 'replace' };

export interface RetryPolicy {
  /** At least 1. */
  attempts: number;
  backoff: { fromSeconds: number; toSeconds: number };
  /** Which ends are repeated; absent means the rule of retry.ts. */
  on?: readonly (number | 'timeout')[];
}

/** What an exit code means; what none of them names has failed. */
export interface ExitMapping {
  ok: readonly number[];
  warning: readonly number[];
  /** It did nothing and says so, as 75 of sysexits.h. */
  skip: readonly number[];
}

export interface Expectations {
  /** Faster is suspicious. */
  minSeconds?: number;
  maxSeconds?: number;
  /** Regular expression that the output has to have. */
  outputMatches?: string;
  /** Age of the last good run from which on the job counts as missed. */
  maxAgeSeconds?: number;
}

export interface NotifyPolicy {
  /** Told at this many failures in a row. */
  failAfter: number;
  /** `always` is as bad as critical; `change` tells only of a new one; `never`. */
  warning: 'always' | 'change' | 'never';
  recovery: 'if_announced' | 'never';
  /** Absent means no reminders. */
  reminderSeconds?: number;
  /** Skips in a row that make it stuck. */
  stuckAfter: number;
}

export interface JobEnvironment {
  /** Only PATH, HOME, LOGNAME, SHELL, LANG and what `pass` names are handed on. */
  clean: boolean;
  pass: readonly string[];
  set: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, SecretSource>>;
  /** Folders of PATH; absent means ours. */
  path?: readonly string[];
}

export interface Keep {
  runs: number;
  days: number;
  /** Of each run's output: its beginning and end together. */
  logBytes: number;
}

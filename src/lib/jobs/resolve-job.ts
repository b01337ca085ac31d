import type { Config } from '../config/schema.ts';
import type { JobSetting, SharedJobSetting } from '../config/schema-jobs.ts';
import { secretSourceOf } from '../config/secret-source-of.ts';
import { parseDuration } from '../quantity/duration.ts';
import { parseSize } from '../quantity/size.ts';
import type { Expectations, Job, JobEnvironment, Keep, NotifyPolicy, Overlap, RetryPolicy } from './job.ts';
import { isDevops, resolveExit } from './resolve-exit.ts';
import { parseBackoff } from './parse-backoff.ts';

/** What the flags of `devops run` and the jobs of devops.yaml have in common: a command and what is said about it. */
export interface JobWords extends SharedJobSetting {
  run: JobSetting['run'];
  schedule?: string | undefined;
}

/**
 * The job of that name in a checked configuration, with what `defaults` and we ourselves say filled in. It has to be
 * there: findJob looks. Loads neither zod nor js-yaml.
 */
export function resolveJob(name: string, config: Config): Job {
  const setting = config.jobs?.[name];
  if (setting === undefined) throw new Error(`no job of the name ${name}`);
  return fillIn(name, setting, config.defaults ?? {});
}

/** Of two that say the same thing the job wins; mappings such as `retry` are merged key by key. */
export function fillIn(name: string, own: JobWords, defaults: SharedJobSetting): Job {
  const argv: Job['argv'] =
    typeof own.run === 'string' ? ['/bin/sh', '-c', own.run] : [own.run[0]!, ...own.run.slice(1)];
  const timezone = own.timezone ?? defaults.timezone;
  const lock = lockOf(own.lock ?? defaults.lock ?? true, name);
  const timeoutSeconds = secondsOf(own.timeout ?? defaults.timeout, 0);
  const notify = own.notify ?? defaults.notify ?? [];
  const cwd = own.cwd ?? defaults.cwd;
  return {
    name,
    argv,
    ...(own.schedule === undefined ? {} : { schedule: own.schedule }),
    ...(timezone === undefined ? {} : { timezone }),
    splaySeconds: secondsOf(own.splay ?? defaults.splay, 0),
    catchUp: own.catch_up ?? defaults.catch_up ?? 'none',
    overlap: overlapOf(own.overlap ?? defaults.overlap ?? 'skip'),
    ...(lock === undefined ? {} : { lock }),
    ...(timeoutSeconds === 0 ? {} : { timeoutSeconds }),
    killAfterSeconds: secondsOf(own.kill_after ?? defaults.kill_after, 10),
    retry: retryOf({ ...defaults.retry, ...own.retry }),
    exit: resolveExit(own.exit, defaults.exit, isDevops(argv[0])),
    expect: expectationsOf({ ...defaults.expect, ...own.expect }),
    notify: typeof notify === 'string' ? [notify] : [...new Set(notify)],
    notifyOn: policyOf({ ...defaults.notify_on, ...own.notify_on }),
    environment: environmentOf(own, defaults),
    ...(cwd === undefined ? {} : { cwd }),
    keep: keepOf({ ...defaults.keep, ...own.keep }),
  };
}

function secondsOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : parseDuration(text);
}

function lockOf(setting: string | boolean, name: string): string | undefined {
  if (setting === false) return undefined;
  return setting === true ? name : setting;
}

function overlapOf(setting: NonNullable<SharedJobSetting['overlap']>): Overlap {
  return typeof setting === 'string' ? { kind: setting } : { kind: 'wait', seconds: parseDuration(setting.wait) };
}

function retryOf({ attempts = 1, backoff = '30s..10m', on }: NonNullable<SharedJobSetting['retry']>): RetryPolicy {
  return { attempts, backoff: parseBackoff(backoff), ...(on === undefined ? {} : { on }) };
}

function expectationsOf(setting: NonNullable<SharedJobSetting['expect']>): Expectations {
  const { min_time, max_time, output_matches, max_age } = setting;
  return {
    ...(min_time === undefined ? {} : { minSeconds: parseDuration(min_time) }),
    ...(max_time === undefined ? {} : { maxSeconds: parseDuration(max_time) }),
    ...(output_matches === undefined ? {} : { outputMatches: output_matches }),
    ...(max_age === undefined ? {} : { maxAgeSeconds: parseDuration(max_age) }),
  };
}

function policyOf(setting: NonNullable<SharedJobSetting['notify_on']>): NotifyPolicy {
  const { fail = 1, warn = 'change', recovery = 'if_announced', still_failing = '24h', stuck = 3 } = setting;
  const reminderSeconds = still_failing === 'never' ? undefined : parseDuration(still_failing.replace(/^every +/, ''));
  return {
    failAfter: timesOf(fail),
    warning: warn,
    recovery,
    ...(reminderSeconds === undefined ? {} : { reminderSeconds }),
    stuckAfter: timesOf(stuck),
  };
}

/** `3`, `'3'` or `after 3`. */
function timesOf(setting: string | number): number {
  return typeof setting === 'number' ? setting : Number(setting.replace(/^after +/, ''));
}

function environmentOf(own: JobWords, defaults: SharedJobSetting): JobEnvironment {
  const { clean = defaults.env?.clean ?? false, pass = [], set, secrets } = own.env ?? {};
  const path = own.path ?? defaults.path;
  const inherited = defaults.env ?? {};
  // A variable of the job takes the place of one of the defaults, be it a plain one or a secret.
  const plain = { ...without(inherited.set, secrets), ...set };
  const secret = { ...without(inherited.secrets, set), ...secrets };
  return {
    clean,
    pass: [...new Set([...(inherited.pass ?? []), ...pass])],
    set: plain,
    secrets: Object.fromEntries(Object.entries(secret).map(([name, source]) => [name, secretSourceOf(source)])),
    ...(path === undefined ? {} : { path }),
  };
}

function without<Value>(
  variables: Readonly<Record<string, Value>> | undefined,
  others: Readonly<Record<string, unknown>> = {},
): Record<string, Value> {
  return Object.fromEntries(Object.entries(variables ?? {}).filter(([name]) => !Object.hasOwn(others, name)));
}

function keepOf({ runs = 100, days = 90, log_bytes = '10MiB' }: NonNullable<SharedJobSetting['keep']>): Keep {
  return { runs, days, logBytes: typeof log_bytes === 'number' ? log_bytes : parseSize(log_bytes) };
}

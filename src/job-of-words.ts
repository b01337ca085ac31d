import type { Context } from './context.ts';
import type { Config } from './lib/config/schema.ts';
import { UserError } from './lib/errors/user-error.ts';
import { jobNameMistake } from './lib/jobs/job-name.ts';
import type { Job } from './lib/jobs/job.ts';
import { parseBackoff } from './lib/jobs/parse-backoff.ts';
import { parseDuration } from './lib/quantity/duration.ts';
import { wholeNumber } from './lib/quantity/whole-number.ts';
import { quoted } from './lib/text/quoted.ts';

/** What was typed about a job, as it was typed. */
export interface JobOptions {
  name?: string | undefined;
  notify?: readonly string[] | undefined;
  lock?: string | undefined;
  wait?: string | undefined;
  retry?: string | undefined;
  backoff?: string | undefined;
  killAfter?: string | undefined;
  timeout?: string | undefined;
  splay?: true | undefined;
  stream?: true | undefined;
  /** Of a command of ours with the options of a job: its name. Its standard output stays what it is. */
  ownOutput?: string | undefined;
}

/** The job that is meant: one of devops.yaml, or the program behind --. Throws UserError. */
export async function openJob(
  ctx: Context,
  options: JobOptions,
  words: readonly string[],
  config: Config,
): Promise<Job> {
  const program = ctx.afterDoubleDash ?? [];
  const names = words.slice(0, words.length - (options.ownOutput === undefined ? program.length : 0));
  const flags = jobFlagsOf(options);
  if (program.length === 0 && names.length > 0) {
    const { findJob } = await import('./lib/jobs/find-job.ts');
    const { findProgram } = await import('./lib/shell/find-program.ts');
    const job = await findJob(names[0]!, config, async (name) => (await findProgram(name, ctx.env)) !== undefined);
    if (names.length > 1) throw misunderstood(names, program);
    const { withFlags } = await import('./lib/jobs/job-of-flags.ts');
    return requireLock(withFlags(job, flags), options);
  }
  if (program.length === 0 || names.length > 0) throw misunderstood(names, program);
  const { jobOfFlags } = await import('./lib/jobs/job-of-flags.ts');
  const argv = program as [string, ...string[]];
  // Nobody who types --retry behind a command of ours thinks of the defaults for jobs.
  const { ownOutput } = options;
  const own = ownOutput === undefined ? {} : { notify: options.notify ?? [] };
  const job = jobOfFlags({ argv, cwd: ctx.cwd(), ...flags, ...own }, ownOutput === undefined ? config : {});
  return requireLock(job, options);
}

function requireLock(job: Job, { wait }: JobOptions): Job {
  if (wait === undefined || job.lock !== undefined) return job;
  throw new UserError('there is no lock to wait for', { code: 'usage', hints: ['name one: --lock NAME'] });
}

function misunderstood(names: readonly string[], program: readonly string[]): UserError {
  if (names.length === 0) {
    return new UserError('there is nothing to run', {
      code: 'usage',
      hints: ['write devops run JOB, or devops run -- PROGRAM ...'],
    });
  }
  const message =
    program.length > 0 ? `both a job, ${quoted(names[0]!)}, and a program are given` : 'a job takes no arguments';
  return new UserError(message, { code: 'usage', hints: ['to run a program, write: devops run -- PROGRAM ...'] });
}

function jobFlagsOf({ name, notify, lock, wait, retry, backoff, killAfter, timeout }: JobOptions) {
  const seconds = (option: string, text: string | undefined) =>
    text === undefined ? undefined : named(option, () => parseDuration(text));
  return {
    name: name === undefined ? undefined : named('--name', () => checkedJobName(name)),
    notify,
    lock: lock === undefined ? undefined : named('--lock', () => checkedJobName(lock)),
    waitSeconds: seconds('--wait', wait),
    timeoutSeconds: seconds('--timeout', timeout),
    killAfterSeconds: seconds('--kill-after', killAfter),
    attempts: retry === undefined ? undefined : named('--retry', () => wholeNumber(1, 100)(retry)),
    backoff: backoff === undefined ? undefined : named('--backoff', () => parseBackoff(backoff)),
  };
}

function checkedJobName(text: string): string {
  const mistake = jobNameMistake(text);
  if (mistake === undefined) return text;
  throw new UserError(mistake.message, { code: 'usage', hints: [mistake.hint] });
}

/** Also for the options of a job on another command, which nobody has read before. */
function named<Value>(option: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`option '${option}': ${error.message}`, { code: 'usage', hints: error.hints, cause: error });
  }
}

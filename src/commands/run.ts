import { fstatSync } from 'node:fs';
import { hostname } from 'node:os';
import { defineCommand, type Outcome, type Spec } from '../command.ts';
import type { Context } from '../context.ts';
import type { Config } from '../lib/config/schema.ts';
import type { JobHost } from '../lib/jobs/job-host.ts';
import { jobNameMistake } from '../lib/jobs/job-name.ts';
import type { LiveOutput } from '../lib/jobs/job-output.ts';
import type { JobRun } from '../lib/jobs/job-run.ts';
import type { Job } from '../lib/jobs/job.ts';
import { isFollowed } from '../lib/jobs/live-output.ts';
import { parseBackoff } from '../lib/jobs/parse-backoff.ts';
import type { FinishedRun, RunJobOptions } from '../lib/jobs/run-job.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { parseDuration } from '../lib/quantity/duration.ts';
import { wholeNumber } from '../lib/quantity/whole-number.ts';
import { printable } from '../lib/text/printable.ts';
import { quoted } from '../lib/text/quoted.ts';
import { openOwnOutput } from '../own-output.ts';

/** What became of the run, and the end of what it printed. */
export interface FinishedJobRun extends JobRun {
  /** Of one that was not good: the last lines of its output, at most 8 KiB, with secrets masked. */
  outputEnd?: string;
}

interface Options {
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

export default defineCommand({
  description: [
    'Run a job of devops.yaml, or any program behind --, as a job: silent when all is well, its output in a file; on failure one report on standard error, unless a notifier took it. Its exit code is that of the program; 124 when its time was over, 125 when devops itself failed, 126 when it may not be executed, 127 when it is not there, 128 + n after a signal, 75 when somebody else holds the lock.',
    'On a terminal, in CI, under systemd and in Kubernetes the output is passed on as it comes.',
    'The options --notify, --lock, --retry, --backoff and --kill-after make a job of every other command of devops, too; its standard output then stays what it is.',
  ].join('\n\n'),
  examples: [
    { command: 'devops run backup-db', what: 'a job of devops.yaml: what its line in a crontab says' },
    {
      command: 'devops run --lock nightly --timeout 2h -- /opt/reports/nightly.sh',
      what: 'never two at once, never for ever',
    },
    {
      command: 'devops run --retry 3 --notify mailto:ops@example.org -- rsync -a /srv/ mirror:/srv/',
      what: 'again when it fails, and a mail when that did not help',
    },
    { command: 'devops run --report junit=job.xml -- make integration-test', what: 'as a CI step' },
  ],
  exitCodes: () => [
    [0, 'the job ended well'],
    [1, 'and any other code but these: the answer of the program itself'],
    [2, 'the answer of the program; or a mistake of usage or configuration, and nothing was run'],
    [75, 'somebody else holds the lock: nothing was run'],
    [124, 'its time was over'],
    [125, 'it could not be started'],
    [126, 'it may not be executed'],
    [127, 'there is no such program'],
    ['128 + n', 'it was ended by signal n: 137 by KILL, which its timeout may have needed'],
  ],
  define: (spec: Spec) =>
    spec
      .usage('[options] JOB | [options] -- PROGRAM [ARGUMENT...]')
      .argument('[job]', 'name of a job in devops.yaml; or the program behind --')
      .argument('[words...]', 'its arguments')
      .option('--name <name>', 'name of the job, for its history and its alerts (default: made from the program)')
      .option('--notify <notifier>', 'tell this notifier of devops.yaml, or mailto:ADDRESS; may be repeated', collect)
      .option('--lock <name>', 'run only when nobody holds this lock; else exit 75 at once')
      .option('--wait <duration>', 'wait this long for the lock')
      .option('--timeout <duration>', 'time of each attempt; then TERM, and KILL after --kill-after')
      .option('--kill-after <duration>', 'time between TERM and KILL (default: 10s)')
      .option('--retry <count>', 'attempts in all, when it fails', wholeText)
      .option('--backoff <from..to>', 'wait between the attempts (default: 30s..10m)')
      .option('--splay', 'wait first, as long as splay of the job spreads this machine')
      .option('--stream', 'pass the output on as it comes'),
  shape: 'one',
  endsByItself: true,
  async raw(ctx, options, ...words): Promise<Outcome<FinishedJobRun>> {
    const run = await start(ctx, options, words, ctx.stdout);
    return { results: [run], exitCode: run.exitCode };
  },
  async *run(ctx, options, ...words): AsyncGenerator<FinishedJobRun, Outcome> {
    const run = await start(ctx, options, words, undefined);
    yield run;
    return { exitCode: run.exitCode };
  },
  // With --quiet: what there is to tell stands on standard error.
  text: () => '',
  explains: () => true,
  verdicts: (run) => [
    {
      status: isGood(run) ? 'ok' : run.state === 'warning' ? 'warning' : 'critical',
      subject: run.job,
      code: run.state,
      message: run.ended,
      ...(run.outputEnd === undefined ? {} : { detail: run.outputEnd }),
    },
  ],
});

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeText(text: string): string {
  wholeNumber(1, 100)(text);
  return text;
}

/** `stdout`: where the job's standard output may go while it runs; undefined when records stand there. */
async function start(
  ctx: Context,
  options: Options,
  [first, rest]: readonly [string | undefined, readonly string[]],
  stdout: Context['stdout'] | undefined,
): Promise<FinishedJobRun> {
  const urgent = ctx.urgent();
  const { config } = await ctx.config();
  const job = await openJob(ctx, options, first === undefined ? [] : [first, ...rest], config);
  const host = await openHost(ctx, urgent, job, config);
  const { runJob } = await import('../lib/jobs/run-job.ts');
  const ownOutput = options.ownOutput === undefined ? undefined : openOwnOutput(ctx, job.retry.attempts);
  const live = ownOutput?.live ?? liveOutput(ctx, options, stdout);
  const { run, untold, readOutput } = await runJob(job, host, {
    ...(await inSection(ctx, job.name, live)),
    stdin: ctx.stdinDescriptor ?? 'ignore',
    splay: options.splay === true,
  });
  await ownOutput?.passOn();
  await tell(ctx, run, { untold, readOutput, hostname: host.hostname, live, isOwn: ownOutput !== undefined });
  if (isGood(run)) return run;
  const { endOfOutput } = await import('../lib/jobs/end-of-output.ts');
  const outputEnd = endOfOutput(await readOutput());
  return outputEnd === '' ? run : { ...run, outputEnd };
}

function isGood({ state }: JobRun): boolean {
  return state === 'ok' || state === 'skipped' || state === 'busy';
}

/** In the log of a CI server the output of the job can be folded. */
async function inSection(
  ctx: Context,
  jobName: string,
  live: LiveOutput,
): Promise<Pick<RunJobOptions, 'live' | 'section'>> {
  if (live.kind !== 'stream' || !isFollowed(ctx.env)) return { live };
  const { openJobSection } = await import('../job-section.ts');
  return openJobSection(ctx, jobName, live);
}

async function openJob(ctx: Context, options: Options, words: readonly string[], config: Config): Promise<Job> {
  const program = ctx.afterDoubleDash ?? [];
  const names = words.slice(0, words.length - (options.ownOutput === undefined ? program.length : 0));
  const flags = jobFlagsOf(options);
  if (program.length === 0 && names.length > 0) {
    const { findJob } = await import('../lib/jobs/find-job.ts');
    const { findProgram } = await import('../lib/shell/find-program.ts');
    const job = await findJob(names[0]!, config, async (name) => (await findProgram(name, ctx.env)) !== undefined);
    if (names.length > 1) throw misunderstood(names, program);
    const { withFlags } = await import('../lib/jobs/job-of-flags.ts');
    return requireLock(withFlags(job, flags), options);
  }
  if (program.length === 0 || names.length > 0) throw misunderstood(names, program);
  const { jobOfFlags } = await import('../lib/jobs/job-of-flags.ts');
  const argv = program as [string, ...string[]];
  // Nobody who types --retry behind a command of ours thinks of the defaults for jobs.
  const { ownOutput } = options;
  const own = ownOutput === undefined ? {} : { notify: options.notify ?? [] };
  const job = jobOfFlags({ argv, cwd: ctx.cwd(), ...flags, ...own }, ownOutput === undefined ? config : {});
  return requireLock(job, options);
}

function requireLock(job: Job, { wait }: Options): Job {
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

function jobFlagsOf({ name, notify, lock, wait, retry, backoff, killAfter, timeout }: Options) {
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

async function openHost(ctx: Context, urgent: AbortSignal, job: Job, config: Config): Promise<JobHost> {
  const say = (message: string): void => {
    ctx.stderr.write(`devops: warning: ${printable(message)}\n`)?.catch(() => undefined);
  };
  const host: JobHost = {
    env: ctx.env,
    cwd: currentFolder(ctx),
    uid: ctx.userId,
    pid: ctx.processId,
    hostname: hostname(),
    get homeDirectory() {
      return ctx.homeDirectory();
    },
    self: ctx.self,
    notifiers: {},
    now: () => ctx.now().getTime(),
    monotonic: () => ctx.monotonic(),
    pause: (seconds, signal) => ctx.pause(seconds, signal),
    random: Math.random,
    signal: ctx.signal,
    urgent,
    warn: say,
    debug: (message) => ctx.log.debug(message),
  };
  if (config.notify === undefined && job.notify.length === 0) return host;
  const { resolveNotifiers } = await import('../lib/jobs/resolve-notifiers.ts');
  const { requireNotifiers } = await import('../lib/notify/require-notifiers.ts');
  const notifiers = resolveNotifiers(config);
  requireNotifiers(job.notify, notifiers);
  return { ...host, notifiers };
}

function currentFolder(ctx: Context): string | undefined {
  try {
    return ctx.cwd();
  } catch {
    return undefined;
  }
}

/** On a terminal and wherever somebody follows it, the output comes as it is made. */
function liveOutput(ctx: Context, { stream }: Options, stdout: Context['stdout'] | undefined): LiveOutput {
  const isWanted = stream === true || ctx.terminal.stdout || (!ctx.quiet && isFollowed(ctx.env));
  if (!isWanted) return { kind: 'silent' };
  return {
    kind: 'stream',
    isSplit: stdout !== undefined && !isSameOutput(stdout, ctx.stderr),
    async write(chunk, from) {
      const output = from === 'stdout' && stdout !== undefined ? stdout : ctx.stderr;
      await output.write(chunk);
      await output.flush();
    },
  };
}

/** Then the order of what comes on both is worth more than which is which. */
function isSameOutput(one: Context['stdout'], other: Context['stderr']): boolean {
  if (one.fd === undefined || other.fd === undefined) return false;
  const [first, second] = [fstatSync(one.fd, { bigint: true }), fstatSync(other.fd, { bigint: true })];
  return first.dev === second.dev && first.ino === second.ino && first.rdev === second.rdev;
}

async function tell(
  ctx: Context,
  run: JobRun,
  end: Pick<FinishedRun, 'untold' | 'readOutput'> & { hostname: string; live: LiveOutput; isOwn: boolean },
): Promise<void> {
  const { live, isOwn, untold, readOutput, hostname: host } = end;
  const isShown = live.kind === 'stream' || (live.kind === 'own' && live.stderr !== undefined);
  // What a command of ours says on standard error is said, but for what a notifier has told already.
  if (isOwn && !isShown && (isGood(run) || untold)) await ctx.stderr.write(await readOutput())?.catch(() => undefined);
  if (!untold || (isOwn && run.attempts > 0)) return;
  const { failureReport } = await import('../lib/jobs/failure-report.ts');
  await ctx.stderr.write(failureReport(run, host, isShown ? '' : await readOutput()))?.catch(() => undefined);
}

import { fstatSync } from 'node:fs';
import { defineCommand, type Outcome, type Spec } from '../command.ts';
import type { Context } from '../context.ts';
import type { LiveOutput } from '../lib/jobs/job-output.ts';
import type { JobRun } from '../lib/jobs/job-run.ts';
import { isFollowed } from '../lib/jobs/live-output.ts';
import type { FinishedRun } from '../lib/jobs/finish-run.ts';
import type { RunJobOptions } from '../lib/jobs/run-job.ts';
import { wholeNumber } from '../lib/quantity/whole-number.ts';
import { type JobOptions, openJob } from '../job-of-words.ts';
import { openJobHost } from '../open-job-host.ts';
import { openOwnOutput } from '../own-output.ts';

/** What became of the run, and the end of what it printed. */
export interface FinishedJobRun extends JobRun {
  /** Of one that was not good: the last lines of its output, at most 8 KiB, with secrets masked. */
  outputEnd?: string;
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
    [125, 'devops itself could not start it'],
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
  options: JobOptions,
  [first, rest]: readonly [string | undefined, readonly string[]],
  stdout: Context['stdout'] | undefined,
): Promise<FinishedJobRun> {
  const { config } = await ctx.config();
  const job = await openJob(ctx, options, first === undefined ? [] : [first, ...rest], config);
  const host = await openJobHost(ctx, job, config);
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

/** On a terminal and wherever somebody follows it, the output comes as it is made. */
function liveOutput(ctx: Context, { stream }: JobOptions, stdout: Context['stdout'] | undefined): LiveOutput {
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
  // Who sits in front of it wants to know, whoever else was told.
  const isWatched = ctx.stderr.isTerminal && (!isGood(run) || run.state === 'busy');
  if ((!untold && !isWatched) || (isOwn && run.attempts > 0)) return;
  const { failureReport } = await import('../lib/jobs/failure-report.ts');
  await ctx.stderr
    .write(failureReport(run, host, isShown || !untold ? '' : await readOutput()))
    ?.catch(() => undefined);
}

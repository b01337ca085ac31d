import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createCutOff } from './cut-off.ts';
import { endRun } from './end-run.ts';
import type { EndedRun } from './end-run.ts';
import { lookUpProgramNow } from './find-program.ts';
import type { Environment } from './find-program.ts';
import { readProcessStat } from './process-stat.ts';
import type { CutOffReason, NotStarted } from './program-result.ts';
import { monotonicSeconds } from './monotonic-seconds.ts';
import { markedEnvironment } from './run-mark.ts';
import type { RunIdentity } from './run-processes.ts';
import { settlesWithin } from './settles-within.ts';
import type { ProgramOutcome, SupervisedEnd } from './supervised-end.ts';
import { awaitSilence, takeOutput } from './take-output.ts';
import type { TakenOutput } from './take-output.ts';

export interface SuperviseOptions {
  /** A name without a slash is looked up in the PATH of `env`, a path with one belongs to `cwd`; no shell reads it. */
  argv: readonly [string, ...string[]];
  /** The whole environment, beside the run's own ids. */
  env: Environment;
  cwd?: string | undefined;
  /** What it reads: /dev/null, or an open descriptor of ours. */
  stdin: 'ignore' | number;
  output: OutputTarget;
  /** A descriptor for its standard output; `output` is for its standard error alone then. */
  stdout?: number | undefined;
  /** Open descriptors of ours that it inherits as 3, 4 and so on, such as a lock. */
  descriptors?: readonly number[] | undefined;
  /** A UUID: DEVOPS_RUN_ID in its environment, by which `sweep` finds what it started. */
  runId: string;
  /** Absent means no deadline; 0 or less is over at once. */
  timeoutSeconds?: number | undefined;
  /** Between the first signal and KILL. */
  killAfterSeconds: number;
  /** Ends it: its group gets the signal that `forward` tells of the abort's reason, by default TERM. */
  signal: AbortSignal;
  forward?: ((reason: unknown) => NodeJS.Signals) | undefined;
  /** Ends it at once, with KILL: the second Ctrl-C. */
  urgent?: AbortSignal | undefined;
  /** When processes that left its group are looked for and ended; `always` is after a regular end too. */
  sweep: 'on-cut-off' | 'always' | 'never';
  onStart?: ((pid: number) => void) | undefined;
}

/**
 * Where its output goes. `file`: its stdout and stderr are that descriptor of ours, and no byte passes through us.
 * `tee`: each piece is handed over; while the promise is pending, no more of that stream is read.
 */
export type OutputTarget =
  | { kind: 'file'; descriptor: number }
  | { kind: 'tee'; take: (chunk: Buffer, stream: 'stdout' | 'stderr') => Promise<void> | undefined };

/** How long KILL is repeated for whoever is still found. */
const abandonSeconds = 5;

/**
 * Runs a job: a program in a session and process group of its own, together with all that it starts. Never rejects for
 * what the program does: a missing program, a signal or a deadline is an answer.
 *
 * At the deadline or abort the group gets a signal, `killAfterSeconds` later KILL, and so does everybody who carries
 * the run's id in the environment: who called setsid(2), forked twice or closed all descriptors (see `runProcesses` for
 * the two kinds that cannot be found). It is over when nobody is left. After a regular end leftovers are let be, or
 * ended in the same way with `sweep: 'always'`; their output is not awaited.
 *
 * With `tee` its stdout and stderr are sockets, so it cannot open /dev/stdout by name (ENXIO), and what it writes on one
 * may overtake what it wrote on the other. Memory: Node allocates for each piece anew, so that much output at once costs
 * some 70 MB until it is collected; `file` costs nothing. What a `take` throws is told in the end; the program runs on.
 */
export async function supervise(options: SuperviseOptions): Promise<SupervisedEnd> {
  const started = monotonicSeconds();
  const cutOff = createCutOff(options.timeoutSeconds, anyOf(options.signal, options.urgent));
  try {
    const told = await startAndWait(options, cutOff.reason);
    return { ...told, durationSeconds: monotonicSeconds() - started };
  } finally {
    cutOff.release();
  }
}

type Told = Omit<SupervisedEnd, 'durationSeconds'>;

async function startAndWait(options: SuperviseOptions, cutOff: Promise<CutOffReason>): Promise<Told> {
  if (options.signal.aborted || options.urgent?.aborted === true) return notRun(aborted(options));
  if (options.timeoutSeconds !== undefined && options.timeoutSeconds <= 0) return notRun({ kind: 'timed-out' });
  const child = await start(options);
  if ('kind' in child) return notRun(child);

  const run: RunIdentity = {
    leader: child.pid!,
    startTicks: readProcessStat(child.pid!)?.startTicks,
    runId: options.sweep === 'never' ? undefined : options.runId,
    self: process.pid,
  };
  const exit = new Promise<ProgramOutcome>((resolve) => {
    child.on('exit', (code, signal) => {
      resolve(code === null ? { kind: 'signalled', signal: signal! } : { kind: 'exited', code });
    });
  });
  const channels = readChannels(child, options);
  options.onStart?.(run.leader);

  const first = await Promise.race([exit, cutOff]);
  let end: ProgramOutcome;
  let ended: EndedRun = { killed: false, swept: 0, survivors: [] };
  // An exit in the same turn as an abort is a regular end.
  if (typeof first === 'string') {
    const cut = first === 'timed-out' ? ({ kind: 'timed-out' } as const) : aborted(options);
    const signal = cut.kind === 'aborted' ? cut.signal : 'SIGTERM';
    const { killAfterSeconds, urgent: hurry } = options;
    ended = await endRun(run, { signal, killAfterSeconds, abandonSeconds, hurry });
    const isGone = !ended.survivors.includes(run.leader) && (await settlesWithin(exit, 0.5));
    end = isGone ? cut : { kind: 'abandoned', pid: run.leader, reason: first, signal };
  } else {
    end = first;
    if (options.sweep === 'always') ended = await endLeftovers(run, options);
  }
  await channels.drain(typeof first === 'string' ? AbortSignal.abort() : anyOf(options.signal, options.urgent));
  child.unref();
  return { end, ...ended, ...channels.told() };
}

function notRun(end: ProgramOutcome): Told {
  return { end, killed: false, swept: 0, survivors: [] };
}

function aborted({ signal, urgent, forward }: SuperviseOptions): Extract<ProgramOutcome, { kind: 'aborted' }> {
  const reason: unknown = signal.aborted ? signal.reason : urgent?.reason;
  return { kind: 'aborted', reason, signal: forward?.(reason) ?? 'SIGTERM' };
}

/** Whoever interrupts us while we clean up does not want to wait. */
function endLeftovers(run: RunIdentity, options: SuperviseOptions): Promise<EndedRun> {
  const hurry = anyOf(options.signal, options.urgent);
  return endRun(run, { signal: 'SIGTERM', killAfterSeconds: options.killAfterSeconds, abandonSeconds, hurry });
}

function anyOf(signal: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? signal : AbortSignal.any([signal, other]);
}

async function start(options: SuperviseOptions): Promise<ChildProcess | NotStarted> {
  const [name, ...args] = options.argv;
  const lookup = lookUpProgramNow(name, options.env);
  if (lookup.state !== 'found') {
    const { notExecutable, notFound } = await import('./start-failure.ts');
    return lookup.state === 'not-found' ? notFound(name) : notExecutable(name, 'permission denied');
  }
  const env = markedEnvironment(options.env, options.runId);
  const target = options.output.kind === 'file' ? options.output.descriptor : 'pipe';
  const stdio: (number | 'ignore' | 'pipe')[] = [options.stdin, options.stdout ?? target, target];
  stdio.push(...(options.descriptors ?? []));

  let failure: unknown;
  try {
    const child = spawn(lookup.path, args, { argv0: name, cwd: options.cwd, env, detached: true, stdio });
    const failed = new Promise((resolve) => child.on('error', resolve));
    if (child.pid !== undefined) return child;
    failure = await failed;
  } catch (error) {
    failure = error;
  }
  const { explainStartFailure } = await import('./start-failure.ts');
  return explainStartFailure(failure, name, options.cwd);
}

/** Reads what comes by pipes of ours. */
function readChannels(child: ChildProcess, { output, stdout }: SuperviseOptions) {
  const streams: TakenOutput[] = [];
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
  };
  if (output.kind === 'tee') {
    if (stdout === undefined) streams.push(takeOutput(child.stdout!, (chunk) => output.take(chunk, 'stdout'), fail));
    streams.push(takeOutput(child.stderr!, (chunk) => output.take(chunk, 'stderr'), fail));
  }
  return {
    async drain(hurry: AbortSignal): Promise<void> {
      await awaitSilence(streams, hurry);
      for (const stream of streams) stream.destroy();
    },
    told: () => (failures.length === 0 ? {} : { takeFailure: failures[0] }),
  };
}

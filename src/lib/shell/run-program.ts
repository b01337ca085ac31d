import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { createCutOff } from './cut-off.ts';
import { lookUpProgram } from './find-program.ts';
import type { Environment } from './find-program.ts';
import { createHeadAndTail } from './head-and-tail.ts';
import type { CaptureLimits, HeadAndTail } from './head-and-tail.ts';
import { endGroup } from './process-group.ts';
import type { CutOffReason, ProgramEnd, ProgramResult } from './program-result.ts';
import { explainStartFailure, notExecutable, notFound } from './start-failure.ts';
import { settlesWithin } from './settles-within.ts';

export interface ProgramOptions {
  /** The program and its arguments. A name without a slash is looked up in the PATH of `env`; no shell reads it. */
  argv: readonly [string, ...string[]];
  /** The whole environment of the program: nothing of ours is added. */
  env: Environment;
  /** Folder in which it runs and to which a relative path of the program belongs; without it our own. */
  cwd?: string | undefined;
  /** What it reads on standard input; without it /dev/null. */
  input?: string | Uint8Array | undefined;
  signal?: AbortSignal | undefined;
  /** Counted from the call; 0 or less ends at once. */
  timeoutSeconds: number;
  /** Time between TERM and KILL. Default 5. */
  graceSeconds?: number | undefined;
  /** How long we wait for what KILL does not end. Default 0.5. */
  abandonSeconds?: number | undefined;
  /** How much of stdout and of stderr is kept, each. Default 64 KiB from the start and from the end. */
  capture?: CaptureLimits | undefined;
}

/** How long a process that outlived the program may keep its stdout or stderr open. */
const pipeSeconds = 0.5;

/**
 * Runs a program in a session and process group of its own and tells what became of it. Never rejects for what the
 * program does: a missing program, a signal or a deadline is an answer.
 *
 * At the deadline or abort the group gets TERM, `graceSeconds` later KILL. What KILL does not end either, such as a
 * process that waits for a dead mount in state D, is let go of after `abandonSeconds`, so that we can still exit. A
 * program that ends by itself may leave processes behind; they are not ours to end, and their output is not awaited.
 *
 * Node's pipes are sockets, so a program cannot open /dev/stdout or /dev/stderr by name (ENXIO).
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  const started = performance.now();
  const limits = options.capture ?? { headBytes: 65_536, tailBytes: 65_536 };
  const stdout = createHeadAndTail(limits);
  const stderr = createHeadAndTail(limits);
  const cutOff = createCutOff(options.timeoutSeconds, options.signal);
  try {
    const end = await startAndWait(options, cutOff.reason, stdout, stderr);
    const durationSeconds = (performance.now() - started) / 1000;
    return { end, stdout: stdout.captured(), stderr: stderr.captured(), durationSeconds };
  } finally {
    cutOff.release();
  }
}

async function startAndWait(
  options: ProgramOptions,
  cutOff: Promise<CutOffReason>,
  stdout: HeadAndTail,
  stderr: HeadAndTail,
): Promise<ProgramEnd> {
  const [name, ...args] = options.argv;
  const ready = await Promise.race([cutOff, prepare(name, options.env)]);
  if (typeof ready === 'string') return { kind: ready };
  if (ready.lookup.state === 'not-found') return notFound(name);
  if (ready.lookup.state === 'not-executable') return notExecutable(name, 'permission denied');

  let child: ChildProcess;
  try {
    child = ready.spawn(ready.lookup.path, args, {
      argv0: name,
      cwd: options.cwd,
      env: { ...options.env },
      detached: true,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    return explainStartFailure(error, name, options.cwd);
  }
  const failure = new Promise((resolve) => child.on('error', resolve));
  if (child.pid === undefined) return explainStartFailure(await failure, name, options.cwd);

  const exit = new Promise<ProgramEnd>((resolve) => {
    child.on('exit', (code, signal) => {
      resolve(code === null ? { kind: 'signalled', signal: signal! } : { kind: 'exited', code });
    });
  });
  const pipes = Promise.all([collect(child.stdout, stdout), collect(child.stderr, stderr)]);
  // A program that does not read all of its input is no fault (EPIPE): its exit code tells whether it had enough.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input);

  const first = await Promise.race([exit, cutOff]);
  let end: ProgramEnd = typeof first === 'string' ? { kind: first } : first;
  if (typeof first === 'string') {
    const abandonSeconds = options.abandonSeconds ?? 0.5;
    const survivors = await endGroup(child.pid, { graceSeconds: options.graceSeconds ?? 5, abandonSeconds });
    const isGone = survivors.length === 0 && (await settlesWithin(exit, abandonSeconds));
    if (!isGone) end = { kind: 'abandoned', pid: survivors[0] ?? child.pid, reason: first };
  }
  if (end.kind !== 'abandoned') await settlesWithin(pipes, pipeSeconds);
  // `close` never comes while somebody else holds a pipe, and an open pipe or a living child keeps our process alive.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  child.unref();
  return end;
}

async function prepare(name: string, env: Environment) {
  const { spawn } = await import('node:child_process');
  // A path goes to the kernel as it is, relative to `cwd`; what is wrong with it, the failed start tells.
  const isPath = name.includes('/');
  return { spawn, lookup: isPath ? ({ state: 'found', path: name } as const) : await lookUpProgram(name, env) };
}

/** Resolves when the stream is closed, however that came about. */
function collect(stream: Readable | null, into: HeadAndTail): Promise<void> {
  return new Promise((resolve) => {
    if (stream === null) return resolve();
    stream.on('data', (chunk: Buffer) => into.write(chunk));
    stream.on('end', () => into.end());
    // After an error comes `close` without `end`, and the capture stays marked as incomplete.
    stream.on('error', () => {});
    stream.on('close', resolve);
  });
}

import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { lookUpProgram } from './find-program.ts';
import type { Environment } from './find-program.ts';
import { capturedText, createHeadAndTail } from './head-and-tail.ts';
import { endGroup } from './process-group.ts';
import type { ProgramEnd } from './program-result.ts';
import { explainStartFailure, notExecutable, notFound } from './start-failure.ts';
import { settlesWithin } from './settles-within.ts';

export interface RunWithOutputOptions {
  /** The program and its arguments. A name without a slash is looked up in the PATH of `env`; no shell reads it. */
  argv: readonly [string, ...string[]];
  /** The whole environment of the program: nothing of ours is added. */
  env: Environment;
  /**
   * An open descriptor of ours, which stays open: the program writes where it stands. A pipe is made blocking by Node
   * as the program starts, and has to stay so: who first touches `process.stderr` while the program runs and both are
   * one pipe (`2>&1 |`) makes it non-blocking again, and few programs take EAGAIN well.
   */
  stdout: number;
  /** An open descriptor that it reads, from its position on. Without it and without `input` /dev/null. */
  stdin?: number | undefined;
  /** What it reads on standard input, in the place of `stdin`. */
  input?: string | Uint8Array | undefined;
  /** Ends the program and its group. There is no deadline beside it. */
  signal: AbortSignal;
  /** Time between TERM and KILL. Default 1. */
  graceSeconds?: number | undefined;
  /** How long we wait for what KILL does not end. Default 0.5. */
  abandonSeconds?: number | undefined;
}

export interface RunWithOutputEnd {
  end: ProgramEnd;
  /** The first and the last 4 KiB of what it said. */
  stderr: string;
}

/** How long a process that outlived the program may keep its stderr open. */
const pipeSeconds = 0.5;

/**
 * Runs a program in a session and process group of its own whose standard output is an open descriptor of ours, so that
 * its bytes do not pass through JavaScript. Never rejects for what the program does: a missing program, a signal or an
 * abort is an answer.
 *
 * When the signal aborts, the group gets TERM, `graceSeconds` later KILL, and is awaited. A program that ends by itself
 * may leave processes behind; they are not ours to end.
 */
export async function runWithOutput(options: RunWithOutputOptions): Promise<RunWithOutputEnd> {
  const [name, ...args] = options.argv;
  const { spawn } = await import('node:child_process');
  const lookup = await findPath(name, options.env);
  if (options.signal.aborted) return { end: { kind: 'aborted' }, stderr: '' };
  if (lookup.state === 'not-found') return { end: notFound(name), stderr: '' };
  if (lookup.state === 'not-executable') return { end: notExecutable(name, 'permission denied'), stderr: '' };

  let child: ChildProcess;
  try {
    child = spawn(lookup.path, args, {
      argv0: name,
      env: { ...options.env },
      detached: true,
      stdio: [options.input === undefined ? (options.stdin ?? 'ignore') : 'pipe', options.stdout, 'pipe'],
    });
  } catch (error) {
    return { end: await explainStartFailure(error, name, undefined), stderr: '' };
  }
  const failure = new Promise((resolve) => child.on('error', resolve));
  if (child.pid === undefined) return { end: await explainStartFailure(await failure, name, undefined), stderr: '' };

  const exit = new Promise<ProgramEnd>((resolve) => {
    child.on('exit', (code, killedBy) => {
      resolve(code === null ? { kind: 'signalled', signal: killedBy! } : { kind: 'exited', code });
    });
  });
  const said = createHeadAndTail({ headBytes: 4096, tailBytes: 4096 });
  const silent = drain(child.stderr!, (chunk) => said.write(chunk));
  // A program that does not read all of its input is no fault (EPIPE): its exit code tells whether it had enough.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input);

  const end = await endOf(child.pid, exit, options);
  if (end.kind !== 'abandoned') await settlesWithin(silent, pipeSeconds);
  // `close` never comes while somebody else holds a pipe, and an open pipe or a living child keeps us alive.
  for (const stream of [child.stdin, child.stderr]) stream?.destroy();
  child.unref();
  return { end, stderr: capturedText(said.captured()) };
}

async function findPath(name: string, env: Environment) {
  return name.includes('/') ? ({ state: 'found', path: name } as const) : await lookUpProgram(name, env);
}

/** How the program ended, by itself or by the signal. */
async function endOf(pid: number, exit: Promise<ProgramEnd>, options: RunWithOutputOptions): Promise<ProgramEnd> {
  const { promise: aborted, resolve: abort } = Promise.withResolvers<undefined>();
  const listener = (): void => abort(undefined);
  options.signal.addEventListener('abort', listener);
  if (options.signal.aborted) listener();
  try {
    const end = await Promise.race([exit, aborted]);
    if (end !== undefined) return end;
  } finally {
    options.signal.removeEventListener('abort', listener);
  }
  const abandonSeconds = options.abandonSeconds ?? 0.5;
  const survivors = await endGroup(pid, { graceSeconds: options.graceSeconds ?? 1, abandonSeconds });
  const isGone = survivors.length === 0 && (await settlesWithin(exit, abandonSeconds));
  return isGone ? { kind: 'aborted' } : { kind: 'abandoned', pid: survivors[0] ?? pid, reason: 'aborted' };
}

/** Resolves when the stream is closed, however that came about. */
function drain(stream: Readable, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve) => {
    stream.on('data', take);
    stream.on('error', () => {});
    stream.on('close', resolve);
  });
}

import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { lookUpProgram } from './find-program.ts';
import type { Environment } from './find-program.ts';
import { capturedText, createHeadAndTail } from './head-and-tail.ts';
import { endGroup } from './process-group.ts';
import type { ProgramEnd } from './program-result.ts';
import { explainStartFailure, notExecutable, notFound } from './start-failure.ts';
import { settlesWithin } from './settles-within.ts';

export interface StreamProgramOptions {
  /** The program and its arguments. A name without a slash is looked up in the PATH of `env`; no shell reads it. */
  argv: readonly [string, ...string[]];
  /** The whole environment of the program: nothing of ours is added. */
  env: Environment;
  /**
   * What it reads on standard input: an open file, from that file's own position on, or pieces of bytes, of which the
   * next is asked for when the last is written, so that a buffer may be used again. Without it /dev/null.
   */
  input?: number | AsyncIterable<Uint8Array> | undefined;
  /** Ends the program and its group. There is no deadline beside it: how long a stream takes is up to its reader. */
  signal: AbortSignal;
  /** Time between TERM and KILL. Default 1. */
  graceSeconds?: number | undefined;
  /** How long we wait for what KILL does not end. Default 0.5. */
  abandonSeconds?: number | undefined;
}

/** What became of the program. */
export interface StreamProgramEnd {
  end: ProgramEnd;
  /** The first and the last 4 KiB of what it said. */
  stderr: string;
}

/** How long a process that outlived the program may keep its stdout or stderr open without a word. */
const pipeSeconds = 0.5;

/**
 * Runs a program in a session and process group of its own and yields its standard output as it comes; it waits while
 * nobody asks for more. The value returned in the end tells how it ended: a missing program, a signal or an abort is an
 * answer and no error. Throws only what `input` throws.
 *
 * When the signal aborts, or the generator is returned early, the group gets TERM, `graceSeconds` later KILL, and is
 * awaited. A program that ends by itself may leave processes behind; they are not ours to end.
 */
export async function* streamProgram(options: StreamProgramOptions): AsyncGenerator<Buffer, StreamProgramEnd, void> {
  const [name, ...args] = options.argv;
  if (options.signal.aborted) return { end: { kind: 'aborted' }, stderr: '' };
  const { spawn } = await import('node:child_process');
  const lookup = await findPath(name, options.env);
  if (lookup.state === 'not-found') return { end: notFound(name), stderr: '' };
  if (lookup.state === 'not-executable') return { end: notExecutable(name, 'permission denied'), stderr: '' };

  let child: ChildProcess;
  const input = options.input;
  try {
    const stdin = input === undefined ? 'ignore' : typeof input === 'number' ? input : 'pipe';
    child = spawn(lookup.path, args, {
      argv0: name,
      env: { ...options.env },
      detached: true,
      stdio: [stdin, 'pipe', 'pipe'],
    });
  } catch (error) {
    return { end: await explainStartFailure(error, name, undefined), stderr: '' };
  }
  const startFailure = new Promise((resolve) => child.on('error', resolve));
  if (child.pid === undefined)
    return { end: await explainStartFailure(await startFailure, name, undefined), stderr: '' };

  const running = watch(child, options.signal);
  try {
    if (child.stdin !== null && typeof input === 'object') feed(child.stdin, input).catch(running.fail);
    const stdout = child.stdout!;
    while (!options.signal.aborted && running.failure() === undefined) {
      const chunk = stdout.read() as Buffer | null;
      if (chunk !== null) yield chunk;
      else if (running.outputEnded() && running.end() !== undefined) break;
      else if (!(await running.news())) break;
    }
    const failure = running.failure();
    if (failure !== undefined) throw failure.error;
    const end = await running.stop(options);
    return { end, stderr: await running.stderr() };
  } finally {
    // Nothing is left to stop after a regular end: this is for the reader who has enough.
    await running.stop(options);
    running.release();
  }
}

async function findPath(name: string, env: Environment) {
  return name.includes('/') ? ({ state: 'found', path: name } as const) : await lookUpProgram(name, env);
}

/** Listens to a child that was started; `news` sleeps until there is something to look at. */
function watch(child: ChildProcess, signal: AbortSignal) {
  let end: ProgramEnd | undefined;
  let outputEnded = false;
  let failure: { error: unknown } | undefined;
  let wakeUp: ((hasNews: boolean) => void) | undefined;
  const wake = (): void => wakeUp?.(true);
  const endOutput = (): void => {
    outputEnded = true;
    wake();
  };
  const exit = new Promise<void>((resolve) => {
    child.on('exit', (code, killedBy) => {
      end = code === null ? { kind: 'signalled', signal: killedBy! } : { kind: 'exited', code };
      resolve();
      wake();
    });
  });
  child.stdout!.on('readable', wake);
  for (const event of ['end', 'error', 'close']) child.stdout!.on(event, endOutput);
  const said = createHeadAndTail({ headBytes: 4096, tailBytes: 4096 });
  const silent = drain(child.stderr!, (chunk) => said.write(chunk));
  signal.addEventListener('abort', wake);

  return {
    /** The input cannot be had. */
    fail(error: unknown): void {
      failure = { error };
      wake();
    },
    failure: () => failure,
    end: () => end,
    outputEnded: () => outputEnded,
    /** False when the program is gone and whoever still holds its stdout said nothing for a while. */
    async news(): Promise<boolean> {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      wakeUp = resolve;
      const timer = end === undefined ? undefined : setTimeout(resolve, pipeSeconds * 1000, false);
      const hasNews = await promise;
      clearTimeout(timer);
      wakeUp = undefined;
      return hasNews;
    },
    /** How it ended, ending it when it has not. */
    async stop(limits: {
      graceSeconds?: number | undefined;
      abandonSeconds?: number | undefined;
    }): Promise<ProgramEnd> {
      if (end !== undefined) return end;
      const abandonSeconds = limits.abandonSeconds ?? 0.5;
      const survivors = await endGroup(child.pid!, { graceSeconds: limits.graceSeconds ?? 1, abandonSeconds });
      const isGone = survivors.length === 0 && (await settlesWithin(exit, abandonSeconds));
      end = isGone ? { kind: 'aborted' } : { kind: 'abandoned', pid: survivors[0] ?? child.pid!, reason: 'aborted' };
      return end;
    },
    async stderr(): Promise<string> {
      await settlesWithin(silent, pipeSeconds);
      return capturedText(said.captured());
    },
    release(): void {
      signal.removeEventListener('abort', wake);
      // `close` never comes while somebody else holds a pipe, and an open pipe or a living child keeps us alive.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
      child.unref();
    },
  };
}

/** Resolves when the stream is closed, however that came about. */
function drain(stream: Readable, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve) => {
    stream.on('data', take);
    stream.on('error', () => {});
    stream.on('close', resolve);
  });
}

/** Writes piece by piece. A program that does not read all of its input is no fault: its exit code tells. */
async function feed(stdin: Writable, input: AsyncIterable<Uint8Array>): Promise<void> {
  let isOpen = true;
  stdin.on('error', () => {});
  stdin.on('close', () => {
    isOpen = false;
  });
  for await (const piece of input) {
    if (!isOpen) return;
    await new Promise<void>((resolve) => {
      stdin.once('close', resolve);
      stdin.write(piece, (error) => {
        // `close` comes a turn later, and writes that fail at once leave no turn for it.
        if (error !== undefined && error !== null) isOpen = false;
        stdin.off('close', resolve);
        resolve();
      });
    });
    if (!isOpen) return;
  }
  stdin.end();
}

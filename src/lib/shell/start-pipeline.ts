import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { lookUpProgramNow } from './find-program.ts';
import type { Environment } from './find-program.ts';
import { capturedText, createHeadAndTail } from './head-and-tail.ts';
import { closePipes, openPipes } from './os-pipes.ts';
import { endGroup } from './process-group.ts';
import type { CutOffReason, NotStarted, ProgramEnd } from './program-result.ts';
import { settlesWithin } from './settles-within.ts';
import { explainStartFailure, notExecutable, notFound } from './start-failure.ts';

export interface PipedProgram {
  /** A name without a slash is looked up in the PATH of `env`; no shell reads it. */
  argv: readonly [string, ...string[]];
  /** The whole environment of the program: nothing of ours is added. */
  env: Environment;
  cwd?: string | undefined;
}

/** One program of a pipeline that runs. */
export interface PipelineMember {
  /** Undefined while it runs. */
  end(): ProgramEnd | undefined;
  exited: Promise<void>;
  /** The first and the last 4 KiB of what it said; waits a little for the rest of it. */
  stderr(): Promise<string>;
  /** Ends its group when it still runs. */
  stop(reason: CutOffReason, limits: { graceSeconds: number; abandonSeconds: number }): Promise<void>;
  /** Lets go of it and of its pipes. */
  release(): void;
}

export interface StartedPipeline {
  members: PipelineMember[];
  /** Indexes of those that ended by themselves, in the order in which they did. */
  order: readonly number[];
  /** Standard output of the last one, when it is not a descriptor. */
  output: Readable | undefined;
}

/** Where nothing runs, because one of the programs could not be started. */
export interface UnstartedPipeline {
  index: number;
  end: NotStarted;
}

/** How long a process that outlived its program may keep a pipe open. */
const pipeSeconds = 0.5;

/**
 * Starts programs that are joined by pipes, each in a session and group of its own, all of them or none. Their bytes do
 * not pass through us, and no end of a pipe stays open here: nobody would ever see that his reader is gone. Throws
 * UserError when no pipe can be had.
 */
export async function startPipeline(
  programs: readonly PipedProgram[],
  stdin: number | 'ignore',
  stdout: number | 'pipe',
): Promise<StartedPipeline | UnstartedPipeline> {
  const paths: string[] = [];
  for (const [index, { argv, env }] of programs.entries()) {
    const lookup = lookUpProgramNow(argv[0], env);
    if (lookup.state === 'not-found') return { index, end: notFound(argv[0]) };
    if (lookup.state === 'not-executable') return { index, end: notExecutable(argv[0], 'permission denied') };
    paths.push(lookup.path);
  }

  const pipes = await openPipes(programs.length - 1, programs[0]?.env ?? {});
  const members: PipelineMember[] = [];
  const order: number[] = [];
  let output: Readable | undefined;
  let refused: { index: number; failure: unknown } | undefined;
  for (const [index, program] of programs.entries()) {
    const from = pipes[index - 1]?.read ?? stdin;
    const started = startOne(program, paths[index]!, from, pipes[index]?.write ?? stdout);
    if ('failure' in started) {
      refused = { index, failure: started.failure };
      break;
    }
    members.push(watch(started.child, () => order.push(index)));
    output = started.child.stdout ?? undefined;
  }
  closePipes(pipes);
  if (refused === undefined) return { members, order, output };

  await Promise.all(members.map((member) => member.stop('aborted', { graceSeconds: 0, abandonSeconds: 0.5 })));
  for (const member of members) member.release();
  const { index, failure } = refused;
  const { argv, cwd } = programs[index]!;
  return { index, end: await explainStartFailure(await failure, argv[0], cwd) };
}

function startOne(
  { argv, env, cwd }: PipedProgram,
  path: string,
  stdin: number | 'ignore',
  stdout: number | 'pipe',
): { child: ChildProcess } | { failure: unknown } {
  const [name, ...args] = argv;
  try {
    const stdio: (number | 'ignore' | 'pipe')[] = [stdin, stdout, 'pipe'];
    const child = spawn(path, args, { argv0: name, cwd, env: { ...env }, detached: true, stdio });
    const failure = new Promise((resolve) => child.on('error', resolve));
    return child.pid === undefined ? { failure } : { child };
  } catch (error) {
    return { failure: error };
  }
}

function watch(child: ChildProcess, onExit: () => void): PipelineMember {
  let stopping: Promise<void> | undefined;
  let end: ProgramEnd | undefined;
  // Not `close`: it does not come while somebody else holds a pipe open.
  const exited = new Promise<void>((resolve) => {
    child.on('exit', (code, signal) => {
      if (end === undefined) {
        end = code === null ? { kind: 'signalled', signal: signal! } : { kind: 'exited', code };
        onExit();
      }
      resolve();
    });
  });
  const said = createHeadAndTail({ headBytes: 4096, tailBytes: 4096 });
  const silent = new Promise<void>((resolve) => {
    child.stderr!.on('data', (chunk: Buffer) => said.write(chunk));
    child.stderr!.on('error', () => {});
    child.stderr!.on('close', resolve);
  });
  child.stdout?.on('error', () => {});

  async function stop(reason: CutOffReason, limits: { graceSeconds: number; abandonSeconds: number }): Promise<void> {
    const group = child.pid!;
    // Taken before its exit is told, which is not its own doing any more.
    end = { kind: reason };
    const survivors = await endGroup(group, limits);
    const isGone = survivors.length === 0 && (await settlesWithin(exited, limits.abandonSeconds));
    if (!isGone) end = { kind: 'abandoned', pid: survivors[0] ?? group, reason };
  }

  return {
    end: () => end,
    exited,
    async stderr() {
      await settlesWithin(silent, pipeSeconds);
      return capturedText(said.captured());
    },
    async stop(reason, limits) {
      if (end === undefined) stopping ??= stop(reason, limits);
      await stopping;
    },
    release() {
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
    },
  };
}

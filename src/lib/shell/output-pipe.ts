import { spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import { systemErrorName } from '../files/system-failure.ts';
import { lookUpProgramNow } from './find-program.ts';
import type { Environment } from './find-program.ts';
import { formatSize } from '../quantity/size.ts';
import { appendWhole } from './open-output-file.ts';
import { runShortProgram } from './run-short-program.ts';
import { settlesWithin } from './settles-within.ts';

/** A pipe whose other end is a file. */
export interface OutputPipe {
  /** Descriptor for whoever writes. */
  readonly write: number;
  /** Resolves when the file has all, or when those who still have the pipe open are silent. */
  end(): Promise<void>;
}

export interface OutputPipeOptions {
  /** Descriptor that appends to the file. */
  target: number;
  /** Name of the pipe while it is used; one that is left behind by a kill may be removed. */
  path: string;
  /** Where a pipe lies that nobody uses any more, for the next one: to make one costs a process. */
  sparePath: string;
  env: Environment;
  /** How large the file may become; the rest is thrown away. Default 4 GiB: no job may fill the disk. */
  mostBytes?: number | undefined;
}

const mostBytesOfAll = 4 * 1024 ** 3;
/** What ulimit of sh(1) counts in. */
const blockBytes = 512;
/** The limit holds for cat alone: it gets SIGXFSZ, see setrlimit(2). */
const limitedCat = 'ulimit -f "$1" 2>/dev/null; exec cat';

/** How often cat(1) is started again: at a stop systemd ends all processes of a service. */
const mostStarts = 4;
/** How long a process that outlived the program may be silent, and how long it may go on. */
const silenceSeconds = 0.5;
const chatterSeconds = 2;

/**
 * A pipe that cat(1) empties into a file. Whoever opens /dev/stderr by name opens what it stands for anew, and as a rule
 * to be emptied: a log that is the output itself would lose all that was in it (`echo failed > /dev/stderr`), and a
 * socket cannot be opened at all. A pipe takes it as a terminal does. cat, not we: the program goes on, and loses
 * nothing, when we are killed. When the disk is full, or the file larger than `mostBytes`, the rest is thrown away, and
 * the program goes on, too.
 *
 * Undefined where mkfifo(1) or cat(1) is missing. See fifo(7).
 */
export async function openOutputPipe(options: OutputPipeOptions): Promise<OutputPipe | undefined> {
  const { env } = options;
  const isThere = ['cat', 'sh'].every((name) => lookUpProgramNow(name, env).state === 'found');
  if (!isThere || !(await makePipe(options))) return undefined;
  const ends = openEnds(options.path);
  if (ends === undefined) return undefined;
  const { target, path, sparePath, mostBytes = mostBytesOfAll } = options;
  const emptied = emptyInto({ read: ends.read, target, mostBytes, env });
  return {
    write: ends.write,
    async end() {
      closeSync(ends.write);
      const isFree = await settlesOrIsSilent(emptied, target);
      closeSync(ends.read);
      if (isFree) giveBack(path, sparePath);
      else rmSync(path, { force: true });
    },
  };
}

/** The spare one, or a new one. */
async function makePipe({ target, path, sparePath, env }: OutputPipeOptions): Promise<boolean> {
  try {
    renameSync(sparePath, path);
    if (lstatSync(path).isFIFO()) return true;
    rmSync(path, { force: true });
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
  }
  const argv = ['mkfifo', '-m', '600', path] as const;
  const end = await runShortProgram({ argv: [...argv], env, input: target, timeoutSeconds: 5 });
  return end.kind === 'exited' && end.code === 0;
}

function giveBack(path: string, sparePath: string): void {
  try {
    renameSync(path, sparePath);
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
  }
}

/** Opened for both first, which never blocks on Linux (fifo(7)), so that neither of the other two waits for its peer. */
function openEnds(path: string): { read: number; write: number } | undefined {
  const opened: number[] = [];
  const open = (flags: number): number => {
    const descriptor = openSync(path, flags | constants.O_NOFOLLOW);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const both = open(constants.O_RDWR);
    const ends = { read: open(constants.O_RDONLY), write: open(constants.O_WRONLY) };
    closeSync(both);
    return ends;
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    for (const descriptor of opened) closeSync(descriptor);
    rmSync(path, { force: true });
    return undefined;
  }
}

/** Resolves when nobody has the pipe open any more. In a session of its own, so that no Ctrl-C of a terminal ends it. */
function emptyInto({
  read,
  target,
  mostBytes,
  env,
}: Pick<OutputPipeOptions, 'target' | 'env'> & { read: number; mostBytes: number }): Promise<void> {
  const blocks = String(Math.ceil(mostBytes / blockBytes));
  const path = env['PATH'] === undefined ? {} : { PATH: env['PATH'] };
  return new Promise((resolve) => {
    const start = (number: number): void => {
      if (number > mostStarts) return;
      const output = number === mostStarts ? 'ignore' : target;
      const shell = lookUpProgramNow('sh', env) as { path: string };
      const child = spawn(shell.path, ['-c', limitedCat, 'sh', blocks], {
        stdio: [read, output, 'ignore'],
        detached: true,
        env: path,
      });
      child.unref();
      // A start that failed has no exit.
      child.on('error', () => start(number + 1));
      child.on('exit', (code, signal) => {
        if (code === 0) return resolve();
        if (signal !== 'SIGXFSZ') return start(number + 1);
        appendWhole(target, Buffer.from(`\n[devops: what came beyond ${formatSize(mostBytes)} is thrown away]\n`));
        start(mostStarts);
      });
    };
    start(1);
  });
}

async function settlesOrIsSilent(emptied: Promise<void>, target: number): Promise<boolean> {
  const step = 0.05;
  let size = -1;
  let silent = 0;
  for (let waited = 0; silent < silenceSeconds && waited < chatterSeconds; waited += step) {
    if (await settlesWithin(emptied, step)) return true;
    const now = fstatSync(target).size;
    silent = now === size ? silent + step : 0;
    size = now;
  }
  return false;
}

import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one run of one command cost, its children included. */
export interface Run {
  /** User plus system time of the process and of every descendant that was waited for. */
  cpuSeconds: number;
  wallSeconds: number;
  /** 128 + n when signal n ended it, 127 when there is no such program. */
  exitCode: number;
  /** The first 4,000 characters of standard error. */
  stderr: string;
}

export interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** After this time the command's whole process group is killed. */
  deadlineSeconds: number;
  signal: AbortSignal;
}

/**
 * bash's own `time` is the clock: it is everywhere, it asks getrusage(2) for all descendants, prints milliseconds
 * (microseconds from bash 5.3 on) and costs about 1 ms of CPU in every row alike. GNU time prints hundredths of a
 * second, which is half of what a bare node costs; Node itself cannot read what its children used.
 * Standard error and the figures go to files, so that nobody has to read a pipe while the command runs.
 */
const timed = `exec 4>&2 2>&3 3>&-
TIMEFORMAT='%6U %6S %6R'
time "$@" 2>&4 4>&-`;

/** Runs `argv` once with standard output on /dev/null. Rejects when bash is missing, the deadline passes or `signal` aborts. */
export async function measureRun(argv: readonly string[], options: RunOptions): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'devops-bench-'));
  try {
    const stderrFile = join(folder, 'stderr');
    const timeFile = join(folder, 'time');
    const exitCode = await runToEnd(['-c', timed, 'bench', ...argv], stderrFile, timeFile, options);
    return {
      ...parseTimes(readFileSync(timeFile, 'utf8')),
      exitCode,
      stderr: readFileSync(stderrFile, 'utf8').slice(0, 4000),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Peak resident memory in bytes of the largest process of the tree, by GNU time; undefined when `gnuTime` is. It is
 * read in a run of its own, so that GNU time's process never stands in a CPU figure.
 */
export async function measurePeakMemory(
  argv: readonly string[],
  gnuTime: string | undefined,
  options: RunOptions,
): Promise<{ run: Run; peakBytes?: number }> {
  if (gnuTime === undefined) return { run: await measureRun(argv, options) };
  const folder = mkdtempSync(join(tmpdir(), 'devops-bench-'));
  try {
    const file = join(folder, 'peak');
    const run = await measureRun([gnuTime, '--quiet', '-f', '%M', '-o', file, '--', ...argv], options);
    const kibibytes = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isNaN(kibibytes) ? { run } : { run, peakBytes: kibibytes * 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads `user system real` in seconds; the decimal point is the locale's. */
export function parseTimes(line: string): { cpuSeconds: number; wallSeconds: number } {
  const match = /^([\d.,]+) ([\d.,]+) ([\d.,]+)\n$/.exec(line);
  if (match === null) throw new Error(`bash did not print its times, but ${JSON.stringify(line)}`);
  const [user, system, real] = match.slice(1).map((value) => Number(value.replace(',', '.')));
  return { cpuSeconds: user! + system!, wallSeconds: real! };
}

async function runToEnd(
  argv: readonly string[],
  stderrFile: string,
  timeFile: string,
  { cwd, env, deadlineSeconds, signal }: RunOptions,
): Promise<number> {
  signal.throwIfAborted();
  const stderr = openSync(stderrFile, 'w');
  const time = openSync(timeFile, 'w');
  try {
    const ended = Promise.withResolvers<number>();
    // A session of its own: no terminal to ask questions on, and one group to kill.
    const child = spawn('bash', argv, { cwd, env, detached: true, stdio: ['ignore', 'ignore', stderr, time] });
    const stop = (reason: Error) => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      ended.reject(reason);
    };
    const onAbort = () => stop(new Error('interrupted'));
    const deadline = setTimeout(
      () => stop(new Error(`still running after ${deadlineSeconds} s: ${argv.slice(3).join(' ')}`)),
      deadlineSeconds * 1000,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    child.once('error', (error) => ended.reject(error));
    child.once('exit', (code) => ended.resolve(code ?? 128));
    try {
      return await ended.promise;
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
    }
  } finally {
    closeSync(stderr);
    closeSync(time);
  }
}

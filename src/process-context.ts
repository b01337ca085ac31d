import { fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { descriptorWriter } from './descriptor-writer.ts';
import { ExitCode } from './exit-code.ts';
import { Interruption } from './interruption.ts';
import { jobChannelVariable } from './lib/jobs/job-channel.ts';
import { pause } from './lib/time/pause.ts';
import { outputFailure } from './output-failure.ts';
import type { Output, Runtime } from './runtime.ts';
import { streamWriter } from './stream-writer.ts';

/** A terminal, npm and a second Node before this one each hand on the same Ctrl-C: within this time it is one. */
const sameSignalSeconds = 0.2;
/** An interrupted run is given its time by the runner. This ends one that is stuck elsewhere. */
const lastMilliseconds = 5000;

/** Not performance.now(), whose eight modules cost every start 2 ms. */
function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds + nanoseconds / 1e9;
}

/** Whatever still holds the process when its run has ended, a read of a dead mount for example, has this time. */
const leftOverMilliseconds = 100;

export interface CommandProcess {
  runtime: Runtime;
  /** Ends the process with this exit code. What the run left behind is neither waited for nor told. */
  end(exitCode: number): void;
}

/** The real Runtime. The only reader of the `process` global. */
export function commandProcess(version: string, program: string): CommandProcess {
  const controller = new AbortController();
  const stdout = createOutput(1, 'standard output', () => process.stdout);
  const stderr = createOutput(2, 'standard error', () => process.stderr);
  const urgent = new AbortController();
  let endsByItself = false;
  const stop = (reason: unknown) => {
    controller.abort(reason);
    if (endsByItself) return;
    const code = reason instanceof Interruption ? reason.exitCode : ExitCode.failure;
    setTimeout(() => exitProcess(code, stdout), lastMilliseconds).unref();
  };
  let isEnded = false;
  let home: { directory: string | undefined } | undefined;
  let first: { name: string; time: number } | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const time = monotonic();
      if (first?.name === name && time - first.time < sameSignalSeconds) return;
      if (controller.signal.aborted) {
        if (!endsByItself) exitProcess(new Interruption(name).exitCode, stdout);
        urgent.abort(new Interruption(name));
        return;
      }
      first = { name, time };
      stop(new Interruption(name));
    });
  }
  // A defect that no `catch` sees ends the run as any failure does, so that reports and monitoring plugins tell of it.
  const crash = (error: unknown) => {
    if (isEnded) return;
    if (controller.signal.aborted) return void endWith(error, stdout);
    return stop(error);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  // Nothing is left that could happen, and yet the run has not ended: without this the exit code would be 0.
  process.on('beforeExit', () => crash(new Error('the run stopped in the middle: it waits for what never comes')));
  const runtime: Runtime = {
    stdin: () => process.stdin,
    stdinIsTerminal: isTerminal(0),
    stdinFile: statOf(0)?.isFile() === true ? 0 : undefined,
    stdinDescriptor: isTerminal(0) ? undefined : 0,
    stdout,
    stderr,
    env: process.env,
    cwd() {
      try {
        return process.cwd();
      } catch {
        return undefined;
      }
    },
    now: () => new Date(),
    monotonic,
    pause,
    processId: process.pid,
    userId: process.getuid?.() ?? -1,
    // Asked once: it goes through the name service, which costs a millisecond.
    homeDirectory: () => (home ??= { directory: readHomeDirectory() }).directory,
    version,
    self: [process.execPath, program],
    interrupted: controller.signal,
    interrupt: (reason) => stop(new Interruption(reason)),
    endsByItself() {
      endsByItself = true;
      return urgent.signal;
    },
    jobLine: openJobChannel(),
  };
  return {
    runtime,
    // By itself, not by process.exit: that waits for V8's compiler threads without telling them that the heap goes, and
    // one that waits for a garbage collection never ends. It is met with a heap near its limit on a busy machine.
    end(exitCode) {
      isEnded = true;
      restoreScreen(stdout);
      process.exitCode = exitCode;
      setTimeout(() => process.exit(exitCode), leftOverMilliseconds).unref();
    },
  };
}

function readHomeDirectory(): string | undefined {
  try {
    return process.getBuiltinModule('node:os').userInfo().homedir;
  } catch {
    return undefined;
  }
}

/** The file of the job that we are the command of, when there is one; our own children never hear of it. */
function openJobChannel(): Runtime['jobLine'] {
  const channel = process.env[jobChannelVariable];
  delete process.env[jobChannelVariable];
  if (channel === undefined) return undefined;
  const descriptor = Number(channel);
  // Even where it could not be made we are the command of a job: whoever forgot that would start itself for ever.
  if (!Number.isInteger(descriptor) || descriptor < 3 || statOf(descriptor)?.isFile() !== true) return () => undefined;
  return (message) => {
    try {
      // One write is one line, whole or not at all: the file is open for appending.
      writeSync(descriptor, `${JSON.stringify(message)}\n`);
    } catch (error) {
      throw outputFailure('the judgements for the job', error);
    }
  };
}

async function endWith(error: unknown, stdout: Output): Promise<never> {
  const { failureText } = await import('./failure.ts');
  writeAll(2, failureText(error, 'text'));
  return exitProcess(ExitCode.failure, stdout);
}

/** For a run that does not end by itself. */
function exitProcess(code: number, stdout: Output): never {
  restoreScreen(stdout);
  process.exit(code);
}

function restoreScreen(stdout: Output): void {
  if (stdout.restore !== '') writeAll(1, stdout.restore);
}

/** For last words: whoever does not read them any more misses nothing. */
function writeAll(descriptor: number, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch {
    // Nobody is left to tell.
  }
}

function createOutput(
  descriptor: number,
  name: string,
  stream: () => Writable & { columns?: number; rows?: number },
): Output {
  const terminal = isTerminal(descriptor);
  const failure = (error: unknown) => outputFailure(name, error);
  const writer = isPipe(descriptor) ? streamWriter(stream, failure) : descriptorWriter(descriptor, failure);
  return {
    ...writer,
    fd: descriptor,
    isTerminal: terminal,
    // A terminal that nobody told its size, a serial console for example, says 0.
    columns: () => (terminal ? stream().columns || undefined : undefined),
    rows: () => (terminal ? stream().rows || undefined : undefined),
    restore: '',
  };
}

function isTerminal(descriptor: number): boolean {
  const device = statOf(descriptor);
  // Major number 1 is /dev/null and its siblings: cron's usual output is no reason to load tty.
  if (device?.isCharacterDevice() !== true || device.rdev >> 8 === 1) return false;
  // Loaded only here: it brings all of net.
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}

function isPipe(descriptor: number): boolean {
  const kind = statOf(descriptor);
  return kind !== undefined && (kind.isFIFO() || kind.isSocket());
}

function statOf(descriptor: number) {
  try {
    return fstatSync(descriptor);
  } catch {
    // Node opens /dev/null for descriptors that were closed, so this is one that nobody can write to.
    return undefined;
  }
}

import { fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { descriptorWriter } from './descriptor-writer.ts';
import { ExitCode } from './exit-code.ts';
import { Interruption } from './interruption.ts';
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

/** The real Runtime. The only reader of the `process` global. */
export function processRuntime(version: string, program: string): Runtime {
  const controller = new AbortController();
  const stdout = createOutput(1, 'standard output', () => process.stdout);
  const stderr = createOutput(2, 'standard error', () => process.stderr);
  const stop = (reason: unknown) => {
    controller.abort(reason);
    const code = reason instanceof Interruption ? reason.exitCode : ExitCode.failure;
    setTimeout(() => exitProcess(code, stdout), lastMilliseconds).unref();
  };
  let first: { name: string; time: number } | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const time = monotonic();
      if (first?.name === name && time - first.time < sameSignalSeconds) return;
      if (controller.signal.aborted) exitProcess(new Interruption(name).exitCode, stdout);
      first = { name, time };
      stop(new Interruption(name));
    });
  }
  // A defect that no `catch` sees ends the run as any failure does, so that reports and monitoring plugins tell of it.
  const crash = (error: unknown) => {
    if (controller.signal.aborted) return void endWith(error, stdout);
    return stop(error);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  // Nothing is left that could happen, and yet the run has not ended: without this the exit code would be 0.
  process.on('beforeExit', () => crash(new Error('the run stopped in the middle: it waits for what never comes')));
  return {
    stdin: () => process.stdin,
    stdinIsTerminal: isTerminal(0),
    stdinFile: statOf(0)?.isFile() === true ? 0 : undefined,
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
    processId: process.pid,
    userId: process.getuid?.() ?? -1,
    homeDirectory() {
      try {
        return process.getBuiltinModule('node:os').userInfo().homedir;
      } catch {
        return undefined;
      }
    },
    version,
    self: [process.execPath, program],
    interrupted: controller.signal,
    interrupt: (reason) => stop(new Interruption(reason)),
  };
}

/** Ends the process with what `run` answers. */
export async function runProcess(run: () => Promise<number>, stdout: Output): Promise<void> {
  exitProcess(await run(), stdout);
}

async function endWith(error: unknown, stdout: Output): Promise<never> {
  const { failureText } = await import('./failure.ts');
  writeAll(2, failureText(error, 'text'));
  return exitProcess(ExitCode.failure, stdout);
}

function exitProcess(code: number, stdout: Output): never {
  if (stdout.restore !== '') writeAll(1, stdout.restore);
  process.exit(code);
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

import { fstatSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Readable, Writable } from 'node:stream';
import { Interruption } from './interruption.ts';
import type { Output, Runtime } from './runtime.ts';

// Builtins that most runs do not need, and that cost milliseconds to load (tty alone brings all of net).
const load = createRequire(import.meta.filename);

/** The real Runtime. The only reader of the `process` global. */
export function processRuntime(version: string, program: string): Runtime {
  const controller = new AbortController();
  const stdout = createOutput(1, () => process.stdout);
  const stderr = createOutput(2, () => process.stderr);
  const interrupt = (reason: Interruption['reason']) => controller.abort(new Interruption(reason));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) exitProcess(new Interruption(name).exitCode, stdout);
      interrupt(name);
    });
  }
  return {
    stdin: () => process.stdin as Readable,
    stdinIsTerminal: isTerminal(0),
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
    userId: process.getuid?.() ?? -1,
    homeDirectory() {
      try {
        return (load('node:os') as typeof import('node:os')).userInfo().homedir;
      } catch {
        return undefined;
      }
    },
    version,
    self: [process.execPath, program],
    interrupted: controller.signal,
    interrupt,
  };
}

/** Ends the process with what `run` answers; a defect anywhere in it keeps its stack and ends with 2. */
export async function runProcess(run: () => Promise<number>, stdout: Output): Promise<void> {
  const crash = (error: unknown) => {
    const text = error instanceof Error ? error.stack : String(error);
    writeAll(
      2,
      `devops: error: ${text}\ndevops: hint: this is a defect of devops: please report it with the lines above\n`,
    );
    exitProcess(2, stdout);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  exitProcess(await run(), stdout);
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

function createOutput(descriptor: number, stream: () => Writable & { columns?: number; rows?: number }): Output {
  const terminal = isTerminal(descriptor);
  const writer = isPipe(descriptor) ? streamWriter(stream) : descriptorWriter(descriptor);
  return {
    ...writer,
    fd: descriptor,
    isTerminal: terminal,
    columns: () => (terminal ? stream().columns : undefined),
    rows: () => (terminal ? stream().rows : undefined),
    restore: '',
  };
}

/** Files and terminals never make us wait for long, and need none of the 2 ms that a stream costs. */
function descriptorWriter(descriptor: number): Pick<Output, 'write' | 'flush'> {
  return {
    write(chunk) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      return writeFrom(descriptor, bytes, 0);
    },
    flush: () => Promise.resolve(),
  };
}

function writeFrom(descriptor: number, bytes: Uint8Array, start: number): Promise<void> | undefined {
  let at = start;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      // Somebody who shares this terminal made it non-blocking: wait for room.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      return new Promise((resolve, reject) => {
        setTimeout(() => Promise.resolve(writeFrom(descriptor, bytes, at)).then(resolve, reject), 5);
      });
    }
  }
  return undefined;
}

/** A pipe's reader may be slow, and signals and deadlines have to work meanwhile: so this one is asynchronous. */
function streamWriter(open: () => Writable): Pick<Output, 'write' | 'flush'> {
  let stream: Writable | undefined;
  let failure: Error | undefined;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  const opened = () => {
    if (stream === undefined) {
      stream = open();
      stream.on('error', (error) => {
        failure ??= error;
        wake();
      });
      stream.on('drain', wake);
    }
    return stream;
  };
  const until = async (done: () => boolean) => {
    while (failure === undefined && !done()) await new Promise<void>((resume) => waiting.add(resume));
    if (failure !== undefined) throw failure;
  };
  return {
    write(chunk) {
      if (failure !== undefined) return Promise.reject(failure);
      return opened().write(chunk, wake) ? undefined : until(() => !opened().writableNeedDrain);
    },
    flush: () => until(() => stream === undefined || stream.writableLength === 0),
  };
}

function isTerminal(descriptor: number): boolean {
  const device = statOf(descriptor);
  // Major number 1 is /dev/null and its siblings: cron's usual output is no reason to load tty.
  if (device?.isCharacterDevice() !== true || device.rdev >> 8 === 1) return false;
  return (load('node:tty') as typeof import('node:tty')).isatty(descriptor);
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

import { PassThrough, Readable } from 'node:stream';
import { Interruption, type InterruptionCause } from '../../src/interruption.ts';
import { pause } from '../../src/lib/time/pause.ts';
import { outputFailure } from '../../src/output-failure.ts';
import type { Output, Runtime } from '../../src/runtime.ts';

export interface TestRuntimeOptions {
  env?: Record<string, string>;
  /** What is typed or piped in; undefined: nothing, and no end either. */
  stdin?: string;
  /** Whether stdin, stdout and stderr are a terminal of this width. */
  terminalColumns?: number;
  now?: () => Date;
  /** With `pause`: a clock that the test drives. */
  monotonic?: () => number;
  pause?: Runtime['pause'];
  cwd?: string;
  /** Makes it the command of a job. */
  jobLine?: NonNullable<Runtime['jobLine']>;
  /** What every write to standard output does instead of keeping the text; a rejection is taken for a system error. */
  onStdout?: (chunk: string) => Promise<void> | undefined;
  homeDirectory?: string;
}

export interface TestRuntime {
  runtime: Runtime;
  stdout(): string;
  stdoutBytes(): Buffer;
  stderr(): string;
  interrupt(reason: InterruptionCause): void;
}

/** A Runtime in memory: nothing of the process that runs the tests is read or changed. */
export function testRuntime(options: TestRuntimeOptions = {}): TestRuntime {
  const controller = new AbortController();
  const interrupt = (reason: InterruptionCause) => controller.abort(new Interruption(reason));
  const stdout = memoryOutput(options.terminalColumns, options.onStdout);
  const stderr = memoryOutput(options.terminalColumns);
  const runtime: Runtime = {
    stdin: () => (options.stdin === undefined ? new PassThrough() : Readable.from([options.stdin])),
    stdinIsTerminal: options.terminalColumns !== undefined,
    stdinFile: undefined,
    stdinDescriptor: undefined,
    stdout: stdout.output,
    stderr: stderr.output,
    env: options.env ?? {},
    cwd: () => options.cwd ?? '/',
    now: options.now ?? (() => new Date()),
    monotonic: options.monotonic ?? (() => performance.now() / 1000),
    pause: options.pause ?? pause,
    processId: process.pid,
    userId: process.getuid?.() ?? -1,
    homeDirectory: () => options.homeDirectory ?? '/nonexistent',
    version: '0.0.0-test',
    self: [process.execPath, 'bin/devops'],
    interrupted: controller.signal,
    interrupt,
    endsByItself: () => new AbortController().signal,
    jobLine: options.jobLine,
  };
  return { runtime, stdout: stdout.text, stdoutBytes: stdout.bytes, stderr: stderr.text, interrupt };
}

/** A failed system call as node:fs reports it. */
export function systemError(code: 'EPIPE' | 'ENOSPC'): Error {
  const errno = { EPIPE: -32, ENOSPC: -28 }[code];
  return Object.assign(new Error(`${code}: write`), { code, errno, syscall: 'write' });
}

function memoryOutput(
  columns: number | undefined,
  onWrite?: TestRuntimeOptions['onStdout'],
): { output: Output; text(): string; bytes(): Buffer } {
  const chunks: Buffer[] = [];
  const output: Output = {
    write(chunk) {
      if (onWrite === undefined) {
        chunks.push(Buffer.from(chunk));
        return undefined;
      }
      return onWrite(String(chunk))?.catch((error: unknown) => {
        throw outputFailure('standard output', error);
      });
    },
    flush: () => Promise.resolve(),
    isTerminal: columns !== undefined,
    columns: () => columns,
    rows: () => (columns === undefined ? undefined : 24),
    restore: '',
  };
  const bytes = () => Buffer.concat(chunks);
  return { output, text: () => bytes().toString(), bytes };
}

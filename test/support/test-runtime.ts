import { Readable } from 'node:stream';
import { Interruption, type InterruptionCause } from '../../src/interruption.ts';
import type { Output, Runtime } from '../../src/runtime.ts';

export interface TestRuntimeOptions {
  env?: Record<string, string>;
  stdin?: string;
  /** Whether stdin, stdout and stderr are a terminal of this width. */
  terminalColumns?: number;
  now?: () => Date;
  cwd?: string;
  /** What every write to standard output does instead of keeping the text. */
  onStdout?: (chunk: string) => Promise<void> | undefined;
  homeDirectory?: string;
}

export interface TestRuntime {
  runtime: Runtime;
  stdout(): string;
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
    stdin: () => Readable.from([options.stdin ?? '']),
    stdinIsTerminal: options.terminalColumns !== undefined,
    stdout: stdout.output,
    stderr: stderr.output,
    env: options.env ?? {},
    cwd: () => options.cwd ?? '/',
    now: options.now ?? (() => new Date()),
    userId: process.getuid?.() ?? -1,
    homeDirectory: () => options.homeDirectory ?? '/nonexistent',
    version: '0.0.0-test',
    self: [process.execPath, 'bin/devops'],
    interrupted: controller.signal,
    interrupt,
  };
  return { runtime, stdout: stdout.text, stderr: stderr.text, interrupt };
}

function memoryOutput(
  columns: number | undefined,
  onWrite?: TestRuntimeOptions['onStdout'],
): { output: Output; text(): string } {
  const chunks: string[] = [];
  const output: Output = {
    write(chunk) {
      if (onWrite !== undefined) return onWrite(String(chunk));
      chunks.push(String(chunk));
      return undefined;
    },
    flush: () => Promise.resolve(),
    isTerminal: columns !== undefined,
    columns: () => columns,
    rows: () => (columns === undefined ? undefined : 24),
    restore: '',
  };
  return { output, text: () => chunks.join('') };
}

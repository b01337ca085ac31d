import type { InterruptionCause } from '../../src/interruption.ts';
import { main } from '../../src/main.ts';
import { inventedCommands } from './invented-commands.ts';
import { testRuntime, type TestRuntimeOptions } from './test-runtime.ts';

export interface RunResult {
  code: number;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

export interface RunOptions extends TestRuntimeOptions {
  interruptAfter?: { milliseconds: number; reason: InterruptionCause };
}

/** One command line of the invented commands, in this process. `line` is split at spaces; an array is taken as it is. */
export async function runDevops(line: string | readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const test = testRuntime(options);
  const { interruptAfter } = options;
  const started = performance.now();
  const timer = interruptAfter && setTimeout(() => test.interrupt(interruptAfter.reason), interruptAfter.milliseconds);
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const code = await main(argv, test.runtime, inventedCommands);
  clearTimeout(timer);
  return { code, stdout: test.stdout(), stderr: test.stderr(), milliseconds: performance.now() - started };
}

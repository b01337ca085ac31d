import { main } from '../../src/main.ts';
import type { Runtime } from '../../src/runtime.ts';
import { testRuntime, type TestRuntimeOptions } from './test-runtime.ts';

export interface RealRunOptions extends TestRuntimeOptions {
  /** Parts of the Runtime that are not as in every test. */
  runtime?: Partial<Runtime>;
}

/** One command line of the real commands, in this process. `line` is split at spaces; an array is taken as it is. */
export async function runRealDevops(
  line: string | readonly string[],
  { runtime, ...options }: RealRunOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const test = testRuntime(options);
  const argv = typeof line === 'string' ? line.split(' ') : line;
  const code = await main(argv, { ...test.runtime, ...runtime });
  return { code, stdout: test.stdout(), stderr: test.stderr() };
}

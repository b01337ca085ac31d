import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { main } from '../../../../src/main.ts';
import type { RunOptions, RunResult } from '../../../support/run-devops.ts';
import { testRuntime } from '../../../support/test-runtime.ts';

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'devops-logs-grep-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `devops logs-grep` with these words in this process and this folder, which has the states as well. */
export async function logsGrep(
  folder: string,
  words: readonly string[],
  options: RunOptions = {},
): Promise<RunResult & { bytes: Buffer }> {
  const env = { PATH: '/usr/bin:/bin', TZ: 'UTC', LANG: 'C.UTF-8', CACHE_DIRECTORY: folder };
  const test = testRuntime({
    cwd: folder,
    homeDirectory: folder,
    ...options,
    env: { ...env, STATE_DIRECTORY: join(folder, 'state'), ...options.env },
  });
  const { interruptAfter } = options;
  const started = performance.now();
  const timer = interruptAfter && setTimeout(() => test.interrupt(interruptAfter.reason), interruptAfter.milliseconds);
  const code = await main(['logs-grep', ...words], test.runtime);
  clearTimeout(timer);
  return {
    code,
    stdout: test.stdout(),
    stderr: test.stderr(),
    bytes: test.stdoutBytes(),
    milliseconds: performance.now() - started,
  };
}

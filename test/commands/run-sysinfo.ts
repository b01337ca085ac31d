import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { main } from '../../src/main.ts';
import type { SysinfoReport } from '../../src/lib/system/report.ts';
import type { RunOptions, RunResult } from '../support/run-devops.ts';
import { testRuntime } from '../support/test-runtime.ts';

/** A folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'devops-sysinfo-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `devops sysinfo` with these words in this process, without the state, configuration or environment of this machine. */
export async function sysinfo(words: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const folder = temporaryFolder();
  const env = { PATH: '/usr/bin:/bin', STATE_DIRECTORY: folder, CACHE_DIRECTORY: folder, LANG: 'C.UTF-8' };
  const test = testRuntime({ cwd: folder, homeDirectory: folder, ...options, env: { ...env, ...options.env } });
  const { interruptAfter } = options;
  const started = performance.now();
  const timer = interruptAfter && setTimeout(() => test.interrupt(interruptAfter.reason), interruptAfter.milliseconds);
  const code = await main(['sysinfo', ...words], test.runtime);
  clearTimeout(timer);
  return { code, stdout: test.stdout(), stderr: test.stderr(), milliseconds: performance.now() - started };
}

/** The report of a run that must have succeeded. */
export async function report(words: readonly string[], options: RunOptions = {}): Promise<SysinfoReport> {
  const { code, stdout, stderr } = await sysinfo([...words, '--json'], options);
  if (code !== 0 || stderr !== '') throw new Error(`exit code ${code}: ${stderr}`);
  return JSON.parse(stdout) as SysinfoReport;
}

import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobRun } from '../../src/lib/jobs/job-run.ts';
import { bareEnvironment, bin, node, start, startShell } from '../support/start-devops.ts';
import { type RealRunOptions, runRealDevops } from '../support/run-real-devops.ts';

/** src, where the tests are told to use it; else whatever bin/devops uses. */
const source = process.env['DEVOPS_SOURCE'] === undefined ? {} : { DEVOPS_SOURCE: process.env['DEVOPS_SOURCE'] };

/** Locks of root are those of the whole machine, where the next test has a job of the same name: none, unless it says so. */
function unlocked(text: string): string {
  const indent = /^\n*( *)/.exec(text)![1]!;
  const lines = text.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
  return `${text.includes('lock:') ? '' : 'defaults: { lock: false }\n'}${lines.join('\n')}`;
}

/** A machine of its own for jobs: a folder with devops.yaml, and a state folder below it. */
export function jobBench() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-jobs-')));
  const state = join(folder, 'state');
  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    ...bareEnvironment,
    ...source,
    STATE_DIRECTORY: state,
    HOME: folder,
    ...more,
  });
  return {
    folder,
    state,
    env,
    config: (text: string) => writeFileSync(join(folder, 'devops.yaml'), unlocked(text).replaceAll('HERE', folder)),
    /** In this process. */
    devops: (line: string | readonly string[], options: RealRunOptions = {}) =>
      runRealDevops(line, {
        cwd: folder,
        ...options,
        runtime: { self: [node, bin], ...options.runtime },
        env: env(options.env),
      }),
    /** As a process. */
    start: (words: readonly string[], more: Record<string, string> = {}) =>
      start(node, [bin, ...words], { cwd: folder, env: env(more) }),
    /** A line of bash, in which $DEVOPS is devops. */
    shell: (line: string, more: Record<string, string> = {}) => startShell(line, { cwd: folder, env: env(more) }),
    history: (name: string): JobRun[] => {
      const path = join(state, 'jobs', name, 'history.jsonl');
      if (!existsSync(path)) return [];
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line) as JobRun);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `run --name NAME ... -- sh -c SCRIPT`. */
export const shellJob = (script: string, ...flags: string[]): string[] => [
  'run',
  '--name',
  'job',
  ...flags,
  '--',
  'sh',
  '-c',
  script,
];

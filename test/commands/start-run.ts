import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { lockDirectory } from '../../src/lib/state/directories.ts';
import { bin, node } from '../support/start-devops.ts';

export interface EndedRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunPlace {
  cwd: string;
  env: Record<string, string>;
  /** As another user, which root may do. */
  uid?: number;
  /** A program that starts it. */
  behind?: readonly string[];
}

/** The real command in a process of its own, which ends with the test. */
export function startRun(words: readonly string[], { cwd, env, uid, behind = [] }: RunPlace) {
  const { DEVOPS_SOURCE: source } = process.env;
  const [program, ...rest] = [...behind, node, bin, ...words];
  const child = spawn(program!, rest, {
    cwd,
    ...(uid === undefined ? {} : { uid, gid: uid }),
    env: source === undefined ? env : { ...env, DEVOPS_SOURCE: source },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => (output[name] += chunk.toString()));
  }
  const ended = once(child, 'exit').then(async ([code]): Promise<EndedRun> => {
    // Who was killed leaves a job that has its output.
    await new Promise((resolve) => setTimeout(resolve, 20));
    return { code: code as number | null, ...output };
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { pid: child.pid!, ended, kill: (signal: NodeJS.Signals = 'SIGKILL') => child.kill(signal) };
}

/** A lock that nobody else has: for root they are in /run/devops, whatever the environment says. */
export function ownLock(env: Record<string, string>): { name: string; path: string } {
  const name = `test-${randomUUID()}`;
  const folder = lockDirectory({ env, uid: process.getuid!(), homeDirectory: undefined });
  const path = join(folder, `job-${name}.lock`);
  onTestFinished(() => {
    for (const suffix of ['', '.pid', '.replaced']) rmSync(`${path}${suffix}`, { force: true, recursive: true });
  });
  return { name, path };
}

/** Waits for a file that a job makes. */
export async function untilThere(path: string): Promise<void> {
  await expect.poll(() => existsSync(path), { timeout: 15_000 }).toBe(true);
}

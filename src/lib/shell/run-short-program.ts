import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Environment } from './find-program.ts';

export interface RunShortProgramOptions {
  /** The program, a bare name that is looked up in the PATH of `env` as lookUpProgram does, and its arguments. */
  argv: readonly [string, ...string[]];
  env: Environment;
  /** An open file, its standard input. */
  input: number;
  /** It gets KILL after that. */
  timeoutSeconds: number;
}

export type ShortProgramEnd =
  | { kind: 'exited'; code: number; stderr: string }
  | { kind: 'signalled' | 'timed-out' }
  | { kind: 'missing' }
  | { kind: 'failed'; message: string };

/**
 * Runs a program that takes a millisecond and holds up everything else meanwhile, signals too, so it is for flock(1) and
 * its like only. It costs 3 ms of CPU where streamProgram costs 10 to 30, most of that for loading what it needs.
 */
export async function runShortProgram({
  argv: [name, ...args],
  env,
  input,
  timeoutSeconds,
}: RunShortProgramOptions): Promise<ShortProgramEnd> {
  const path = lookUp(name, env);
  if (path === undefined) return { kind: 'missing' };
  const { spawnSync } = await import('node:child_process');
  const { status, stderr, error } = spawnSync(path, args, {
    argv0: name,
    env: { ...env },
    stdio: [input, 'ignore', 'pipe'],
    maxBuffer: 4096,
    timeout: timeoutSeconds * 1000,
    killSignal: 'SIGKILL',
  });
  if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') return { kind: 'timed-out' };
  if (error !== undefined) return { kind: 'failed', message: error.message };
  return status === null ? { kind: 'signalled' } : { kind: 'exited', code: status, stderr: stderr.toString() };
}

/** As lookUpProgram, without its threads. */
function lookUp(name: string, env: Environment): string | undefined {
  const folders = (env['PATH'] ?? '/bin:/usr/bin').split(':').filter((folder) => isAbsolute(folder));
  return folders.map((folder) => `${folder}/${name}`).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * Path of a program, or undefined. A version manager's shim is a shell script that costs more than many programs
 * it starts, so the program behind it is wanted.
 */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const direct = folders.filter((folder) => basename(folder) !== 'shims').map((folder) => join(folder, name));
  return direct.find(isExecutable) ?? behindShim(name, env);
}

function behindShim(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const answer = spawnSync('pyenv', ['which', name], { env, encoding: 'utf8', timeout: 10_000 });
  const path = answer.stdout?.trim();
  return answer.status === 0 && path !== '' ? path : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** First line that a version command prints; the reason when it prints none. */
export function versionLine(argv: readonly string[], env: NodeJS.ProcessEnv): string {
  const [program, ...rest] = argv;
  const answer = spawnSync(program!, rest, { env, encoding: 'utf8', timeout: 30_000 });
  if (answer.error !== undefined) return `unknown (${answer.error.message})`;
  const line = stripVTControlCharacters(`${answer.stdout}\n${answer.stderr}`).trim().split('\n')[0]!.trim();
  return line === '' ? `unknown (exit ${answer.status})` : line;
}

/** Path of GNU time, the only `time` program that prints peak memory, or undefined. */
export function gnuTime(env: NodeJS.ProcessEnv): string | undefined {
  const path = findProgram('time', env);
  return path !== undefined && versionLine([path, '--version'], env).includes('GNU') ? path : undefined;
}

import { accessSync, constants } from 'node:fs';
import { UserError } from '../../errors/user-error.ts';
import type { Environment } from '../../shell/find-program.ts';

export interface Ripgrep {
  /** Absolute. */
  path: string;
  /** Such as `14.1.0`; only of an rg that is not our package's. */
  version?: string;
}

/** Long for a program that prints two lines, and short for one that hangs on a dead mount. */
const versionSeconds = 5;

/**
 * The ripgrep of the optional package @vscode/ripgrep, else `rg` in the PATH of `env`, from version 13 on; only that one
 * is started, to ask for its version. Undefined when there is none: no state of the package or of PATH is an error. Takes
 * half a millisecond with the package. Throws only the reason of an aborted signal.
 */
export async function findRipgrep(env: Environment, signal: AbortSignal): Promise<Ripgrep | undefined> {
  const packaged = await findPackaged();
  if (packaged !== undefined) return { path: packaged };
  const { findProgram } = await import('../../shell/find-program.ts');
  const path = await findProgram('rg', env);
  if (path === undefined) return undefined;
  const version = await versionOf(path, env, signal);
  return version === undefined || Number.parseInt(version, 10) < 13 ? undefined : { path, version };
}

/** The same for somebody who asked for ripgrep: throws a UserError (unsupported) when there is none. */
export async function requireRipgrep(env: Environment, signal: AbortSignal): Promise<Ripgrep> {
  const found = await findRipgrep(env, signal);
  if (found !== undefined) return found;
  throw new UserError('there is no ripgrep (13.0 or newer) to search with', {
    code: 'unsupported',
    hints: [
      'install it: npm install @vscode/ripgrep next to devops, or the package ripgrep of the system',
      'without it, devops searches by itself: the same lines, more slowly',
    ],
  });
}

async function findPackaged(): Promise<string | undefined> {
  const [{ createRequire }, { arch, platform }] = await Promise.all([import('node:module'), import('node:os')]);
  const suffix = platform() === 'win32' ? '.exe' : '';
  const binary = `@vscode/ripgrep-${platform()}-${arch()}/bin/rg${suffix}`;
  const own = createRequire(import.meta.filename);
  // npm puts the binary's package next to its parent; other package managers let only the parent see it.
  const places = [() => own, () => createRequire(own.resolve('@vscode/ripgrep'))];
  for (const place of places) {
    try {
      const path = place().resolve(binary);
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // It is optional: not installed, for another kind of machine, or damaged.
    }
  }
  return undefined;
}

async function versionOf(path: string, env: Environment, signal: AbortSignal): Promise<string | undefined> {
  const { runProgram } = await import('../../shell/run-program.ts');
  const { end, stdout } = await runProgram({
    argv: [path, '--no-config', '--version'],
    env,
    signal,
    timeoutSeconds: versionSeconds,
  });
  signal.throwIfAborted();
  if (end.kind !== 'exited' || end.code !== 0) return undefined;
  return /^ripgrep (\d+\.\d+\.\d+)/.exec(stdout.head.toString())?.[1];
}

import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';

/** Environment of a program; names without a value are left out. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a name means in a PATH. `not-executable` names the first file that has the name but may not be run. */
export type ProgramLookup =
  { state: 'found'; path: string } | { state: 'not-executable'; path: string } | { state: 'not-found' };

/** The absolute path of the program that `name` means, or undefined when there is none that may be run. */
export async function findProgram(name: string, env: Environment): Promise<string | undefined> {
  const lookup = await lookUpProgram(name, env);
  return lookup.state === 'found' ? lookup.path : undefined;
}

/**
 * Looks a program up as execvp(3) does, with one difference: an empty or relative entry of PATH is passed over. It
 * means the current folder, and a file that somebody left there must not run in the place of `tar`. A name with a
 * slash is a path and has to be absolute. Without PATH the default of execvp(3) holds.
 */
export async function lookUpProgram(name: string, env: Environment): Promise<ProgramLookup> {
  if (name.includes('/') && !isAbsolute(name)) return { state: 'not-found' };
  let refused: string | undefined;
  for (const path of name.includes('/') ? [name] : candidates(name, env)) {
    const state = await programAt(path);
    if (state === 'found') return { state, path };
    if (state === 'not-executable') refused ??= path;
  }
  return refused === undefined ? { state: 'not-found' } : { state: 'not-executable', path: refused };
}

/**
 * The same without a thread of its own, so that it is cheaper, and a dead mount in PATH holds us up as it would hold up
 * execvp(3). A name with a slash is left to the kernel, relative to the folder in which the program will run.
 */
export function lookUpProgramNow(name: string, env: Environment): ProgramLookup {
  if (name.includes('/')) return { state: 'found', path: name };
  let refused: string | undefined;
  for (const path of candidates(name, env)) {
    try {
      if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) continue;
      accessSync(path, constants.X_OK);
      return { state: 'found', path };
    } catch (error) {
      if (isRefusal(error)) refused ??= path;
    }
  }
  return refused === undefined ? { state: 'not-found' } : { state: 'not-executable', path: refused };
}

function candidates(name: string, env: Environment): string[] {
  const folders = (env['PATH'] ?? '/bin:/usr/bin').split(':');
  return folders.filter((folder) => isAbsolute(folder)).map((folder) => `${folder}/${name}`);
}

async function programAt(path: string): Promise<ProgramLookup['state']> {
  // Eight modules, which a start that looks up synchronously need not load.
  const { access, stat } = await import('node:fs/promises');
  try {
    if (!(await stat(path)).isFile()) return 'not-found';
    await access(path, constants.X_OK);
    return 'found';
  } catch (error) {
    // Whatever else keeps us from the file (no such folder, a name too long, a stale mount), it is not to be had here.
    return isRefusal(error) ? 'not-executable' : 'not-found';
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EACCES';
}

import { access, constants, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { NotStarted } from './program-result.ts';

/** What the failure of spawn means. execve(2) answers ENOENT and EACCES for three different things each. */
export async function explainStartFailure(
  error: unknown,
  program: string,
  cwd: string | undefined,
): Promise<NotStarted> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Node's own message quotes the value, which may be a secret.
  if (code === 'ERR_INVALID_ARG_VALUE') {
    return failed(program, 'an argument, the folder or a variable of the environment holds a NUL byte');
  }
  if (cwd !== undefined && !(await isEnterable(cwd))) return failed(program, `cannot enter the folder '${cwd}'`);
  if (code === 'ENOENT' && (await exists(isAbsolute(program) ? program : join(cwd ?? '.', program)))) {
    return notExecutable(program, 'the interpreter that it asks for is not there');
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') return notFound(program);
  if (code === 'EACCES') return notExecutable(program, 'permission denied');
  if (code === 'ENOEXEC') return notExecutable(program, 'not a program for this machine');
  return failed(program, error instanceof Error ? error.message : String(error));
}

export function notFound(program: string): NotStarted {
  return { kind: 'not-started', code: 'not-found', message: `cannot start '${program}': no such program` };
}

export function notExecutable(program: string, reason: string): NotStarted {
  return { kind: 'not-started', code: 'not-executable', message: `cannot start '${program}': ${reason}` };
}

function failed(program: string, reason: string): NotStarted {
  return { kind: 'not-started', code: 'failed', message: `cannot start '${program}': ${reason}` };
}

async function isEnterable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.X_OK);
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

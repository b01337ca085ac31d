import { getSystemErrorMessage } from 'node:util';
import { UserError } from '../errors/user-error.ts';
import type { UserErrorCode } from '../errors/user-error.ts';

/** The failure of a system call for people: `what`, a colon, and the system's own words, such as `permission denied`. */
export function systemFailure(what: string, error: unknown, hints: readonly string[] = []): UserError {
  return new UserError(`${what}: ${reasonOf(error)}`, { code: codeOf(error), hints, cause: error });
}

/** Name of the error number, such as `ENOENT`; undefined when it is not the failure of a system call. */
export function systemErrorName(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function reasonOf(error: unknown): string {
  // Node's own words are `illegal operation on a directory`.
  if (systemErrorName(error) === 'EISDIR') return 'is a directory';
  if (error instanceof Error && 'errno' in error && typeof error.errno === 'number') {
    return getSystemErrorMessage(error.errno);
  }
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): UserErrorCode {
  switch (systemErrorName(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'permission';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'not-found';
    case undefined:
    default:
      return 'failed';
  }
}

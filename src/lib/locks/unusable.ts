import { UserError } from '../errors/user-error.ts';

/** That a lock cannot be used at all, which is not the same as busy. */
export function unusable(path: string, reason: string, hint: string): UserError {
  return new UserError(`cannot use the lock '${path}': ${reason}`, { hints: [hint] });
}

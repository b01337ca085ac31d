import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';

/**
 * The code of the function as the build made it, beside the program that was started. Throws a UserError where there is
 * no build, as in a fresh checkout.
 */
export function readBundle(program: string): Uint8Array {
  const file = join(dirname(program), '..', 'dist', 'lambda', 'index.js');
  try {
    return readFileSync(file);
  } catch (error) {
    if (systemErrorName(error) !== 'ENOENT') throw systemFailure(`cannot read '${file}'`, error);
    throw new UserError(`the code of the function was not built: there is no '${file}'`, {
      code: 'not-found',
      hints: ['run npm run build in the checkout of devops; an installed devops has it'],
      cause: error,
    });
  }
}

import { UserError } from '../errors/user-error.ts';

/** Why one item of many failed; the others go on beside it. */
export interface ItemError {
  /** Stable word for programs. */
  code: string;
  message: string;
  hint?: string;
}

/** What a failure says, with all its hints. What nobody can mend is thrown again. */
export function itemError(error: unknown, code?: string): ItemError {
  if (!(error instanceof UserError)) throw error;
  const hint = error.hints.join('; ');
  return { code: code ?? error.code, message: error.message, ...(hint === '' ? {} : { hint }) };
}

import { UserError } from '../errors/user-error.ts';
import { quoted } from '../text/quoted.ts';

/** Why a text is no schedule, and where: `offset` counts UTF-16 code units from 0. */
export interface Mistake {
  offset: number;
  message: string;
  hint: string;
}

/** The mistake as a UserError (usage) that names the column, counted in characters from 1. `kind` is `schedule` or so. */
export function mistakeIn(kind: string, text: string, { offset, message, hint }: Mistake): UserError {
  const column = Array.from(text.slice(0, offset)).length + 1;
  return new UserError(`${kind} ${quoted(text)}, column ${column}: ${message}`, { code: 'usage', hints: [hint] });
}

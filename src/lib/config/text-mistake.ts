import { UserError } from '../errors/user-error.ts';

/** What is wrong with a text of the configuration, said by the parser of such texts. */
export interface TextMistake {
  message: string;
  hint?: string;
}

/** Why `read` refuses; undefined when it does not. What is no UserError is thrown on. */
export function textMistake(read: () => unknown): TextMistake | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { message: error.message, ...(error.hints.length === 0 ? {} : { hint: error.hints.join('; ') }) };
  }
}

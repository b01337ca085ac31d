import { UserError } from '../../errors/user-error.ts';

/** What `read` makes of the value of an option, such as `--since`; a UserError that it throws names the option. */
export function ofOption<Value>(option: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`option '${option}': ${error.message}`, { code: 'usage', hints: error.hints, cause: error });
  }
}

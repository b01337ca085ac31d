import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';

const longestCursor = 1024;

/**
 * The Unix time of a cursor's entry in microseconds; journalctl writes it into every cursor. Throws a UserError for what
 * is no cursor.
 */
export function timeOfCursor(cursor: string): number {
  const time = /(?:^|;)t=([0-9a-f]{1,13})(?:;|$)/.exec(cursor)?.[1];
  if (cursor.length <= longestCursor && /^[0-9a-z=;]+$/.test(cursor) && time !== undefined) {
    return Number.parseInt(time, 16);
  }
  throw new UserError(`'${printable(cursor.slice(0, 60))}' is no cursor of a journal`, {
    hints: ['start without it: everything from the beginning of the journal is read again'],
  });
}

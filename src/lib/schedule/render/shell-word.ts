import { UserError } from '../../errors/user-error.ts';
import { quoted } from '../../text/quoted.ts';

/**
 * A word as sh(1) reads it back, plain where nothing in it is special. Throws UserError for one with a line feed or
 * another control character: no crontab and no unit file can hold it.
 */
export function shellWord(word: string): string {
  requireOneLine(word);
  return /^[\w@+=:,./-]+$/.test(word) && !/^\w+=/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

export function requireOneLine(word: string): void {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (!/[\u0000-\u001f\u007f]/.test(word)) return;
  throw new UserError(`no schedule can hold ${quoted(word)}: it has a line feed or another control character`, {
    hints: ['give the file a name without it'],
  });
}

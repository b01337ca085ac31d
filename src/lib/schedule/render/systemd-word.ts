import { UserError } from '../../errors/user-error.ts';
import { quoted } from '../../text/quoted.ts';
import { requireOneLine } from './shell-word.ts';

/**
 * A word of ExecStart= (systemd.service(5), COMMAND LINES): in quotes where it needs them, with `%` doubled against
 * specifiers and `$` against variables. Throws UserError for a word of more than one line.
 */
export function systemdWord(word: string): string {
  requireOneLine(word);
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  if (/^[\w@%$+=:,./-]+$/.test(word)) return escaped;
  return `"${escaped.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/**
 * The program of ExecStart=, where variables are not put in. Throws UserError for a path with quotes or backslashes,
 * which systemd refuses there however they are written.
 */
export function systemdProgram(path: string): string {
  requireOneLine(path);
  if (/["'\\]/.test(path)) {
    throw new UserError(`systemd cannot start ${quoted(path)}: its path has a quote or a backslash`, {
      code: 'unsupported',
      hints: ['install Node in a folder without one'],
    });
  }
  const escaped = path.replaceAll('%', '%%');
  return /\s/.test(path) ? `"${escaped}"` : escaped;
}

/** Text of a setting that takes a line, such as Description=: only specifiers are special, and a backslash at its end. */
export function systemdText(text: string): string {
  requireOneLine(text);
  return text.replaceAll('%', '%%').replace(/\\+$/, '');
}

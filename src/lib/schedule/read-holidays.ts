import { createReadStream } from 'node:fs';
import { UserError } from '../errors/user-error.ts';
import { readBounded } from '../files/read-bounded.ts';
import { quoted } from '../text/quoted.ts';
import { daysInMonth } from '../time/local-time.ts';

/** A century of holidays with their names takes a tenth of it. */
const mostBytes = 1024 * 1024;
/** Of mistakes that are told in full. */
const mostTold = 10;

/**
 * The dates of a file: one on each line, `2026-12-25`, with what is behind a comma, a semicolon, a space or a `#` for
 * people only; so a CSV file with the date first will do, its heading too. Throws a UserError when it cannot be read,
 * is larger than 1 MiB, or has lines that begin with no date, which are told by their numbers; and the signal's reason.
 */
export async function readHolidays(path: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const bytes = await readBounded(createReadStream(path), mostBytes, signal, quoted(path));
  return parseHolidays(bytes.toString(), path);
}

export function parseHolidays(text: string, path: string): ReadonlySet<string> {
  const dates = new Set<string>();
  const mistakes: { line: number; what: string }[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const word = /^\s*("?)([^\s"#,;]*)\1/.exec(line)![2]!;
    if (/^\s*(?:#|$)/.test(line) || (index === 0 && word.toLowerCase() === 'date')) continue;
    if (isDate(word)) dates.add(word);
    else mistakes.push({ line: index + 1, what: quoted(line.trim()) });
  }
  if (mistakes.length > 0) throw notDates(path, mistakes);
  return dates;
}

function isDate(word: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(word)?.map(Number) ?? [];
  if (year === undefined || month! < 1 || month! > 12) return false;
  return day! >= 1 && day! <= daysInMonth(year, month!);
}

function notDates(path: string, mistakes: readonly { line: number; what: string }[]): UserError {
  const told = mistakes.slice(0, mostTold).map(({ line, what }) => `line ${line}: ${what}`);
  const more = mistakes.length > mostTold ? `, and ${mistakes.length - mostTold} more lines` : '';
  return new UserError(`holidays ${quoted(path)}: no date on ${told.join(', ')}${more}`, {
    code: 'usage',
    hints: ['write one date on each line, such as 2026-12-25, and comments behind #'],
  });
}

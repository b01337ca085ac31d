import { quoted } from '../../text/quoted.ts';
import type { Mistake } from '../../rules/tokenize.ts';
import type { CompilePattern } from './where.ts';

/** Where the parser stands in the text of one condition. */
export interface Scanner {
  readonly text: string;
  position: number;
  readonly compile: CompilePattern;
  readonly fail: (mistake: Mistake) => never;
}

const nameSource = String.raw`[\p{L}_@$][\p{L}\p{N}_@$\-/]*(?:\.[\p{L}\p{N}_@$\-/]+)*`;
const keywords: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in']);

/** What `pattern` (sticky) matches after blanks; nothing is taken when it does not match. */
export function take(scanner: Scanner, pattern: RegExp): string | undefined {
  skipBlanks(scanner);
  pattern.lastIndex = scanner.position;
  const found = pattern.exec(scanner.text)?.[0];
  scanner.position += found?.length ?? 0;
  return found;
}

export function skipBlanks(scanner: Scanner): void {
  while (/\s/.test(scanner.text[scanner.position] ?? '')) scanner.position++;
}

/** The word that comes next, without taking it; undefined when none comes. */
export function peekWord(scanner: Scanner): string | undefined {
  const { position } = scanner;
  const word = take(scanner, new RegExp(nameSource, 'uy'));
  scanner.position = position;
  skipBlanks(scanner);
  return word;
}

/** Takes a keyword, in any case as in SQL. */
export function takeKeyword(scanner: Scanner, keyword: string): boolean {
  const word = peekWord(scanner);
  if (word?.toLowerCase() !== keyword) return false;
  scanner.position += word.length;
  return true;
}

/** Fails at what comes next. */
export function unexpected(scanner: Scanner, expected: string, hint: string): never {
  skipBlanks(scanner);
  const offset = scanner.position;
  const rest = scanner.text.slice(offset);
  const found = rest === '' ? 'the end' : quoted(peekWord(scanner) ?? /^(?:\d[\w.]*|[=!<>~:+|&]+|[^])/u.exec(rest)![0]);
  return scanner.fail({ offset, message: `expected ${expected}, but found ${found}`, hint });
}

/** A name, plain or in backquotes (one in the name is written twice). */
export function takeName(scanner: Scanner): string | undefined {
  const word = peekWord(scanner);
  if (word !== undefined && !keywords.has(word.toLowerCase())) {
    scanner.position += word.length;
    return word;
  }
  const offset = scanner.position;
  if (scanner.text[offset] !== '`') return undefined;
  const written = take(scanner, /`(?:[^`]|``)+`/y);
  if (written !== undefined) return written.slice(1, -1).replaceAll('``', '`');
  return scanner.fail({
    offset,
    message: 'the name in backquotes has no end or is empty',
    hint: 'write the name between two backquotes, such as `user agent`',
  });
}

const meanings: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\', '"': '"', "'": "'" };

/** A text in single or double quotes; undefined when none comes. */
export function takeString(scanner: Scanner): string | undefined {
  const { written, offset } = takeQuoted(scanner);
  return written?.replace(/\\([^])/g, (_, character: string, index: number) => {
    return (
      meanings[character] ??
      scanner.fail({
        offset: offset + 1 + index,
        message: 'a backslash in quotes stands before n, t, a quote or another backslash',
        hint: 'write \\\\ for one backslash; only a pattern behind =~ or !~ is taken as it is',
      })
    );
  });
}

/** A pattern in quotes: as it stands there, with its backslashes; only `\"` and `\'` are a quote. */
export function takePattern(scanner: Scanner): string | undefined {
  return takeQuoted(scanner).written?.replace(/\\([^])/g, (pair, character: string) =>
    character === '"' || character === "'" ? character : pair,
  );
}

function takeQuoted(scanner: Scanner): { written: string | undefined; offset: number } {
  skipBlanks(scanner);
  const offset = scanner.position;
  const quote = scanner.text[offset];
  if (quote !== '"' && quote !== "'") return { written: undefined, offset };
  let end = offset + 1;
  while (end < scanner.text.length && scanner.text[end] !== quote) end += scanner.text[end] === '\\' ? 2 : 1;
  if (end >= scanner.text.length) {
    scanner.fail({ offset, message: 'the text in quotes has no end', hint: `close it with ${quote}` });
  }
  scanner.position = end + 1;
  return { written: scanner.text.slice(offset + 1, end), offset };
}

import { UserError } from '../../errors/user-error.ts';

/** One step of a pattern: a directive's letter, a run of blanks, or a byte that stands for itself. */
export type PatternStep =
  | { readonly kind: 'directive'; readonly letter: string }
  | { readonly kind: 'blanks' }
  | { readonly kind: 'byte'; readonly byte: number };

export interface TimePattern {
  readonly text: string;
  readonly steps: readonly PatternStep[];
}

const directives = 'YymdejHIkMSfpbBaAzZs';
/** Directives that stand for others, and other programs' letters for the same. */
const expansions: Readonly<Record<string, string>> = {
  T: '%H:%M:%S',
  R: '%H:%M',
  F: '%Y-%m-%d',
  D: '%m/%d/%y',
  h: '%b',
  l: '%I',
  N: '%f',
  L: '%f',
  n: ' ',
  t: ' ',
};

function failure(text: string, message: string, hint: string): UserError {
  return new UserError(`'${text}' is not a time format: ${message}`, { code: 'usage', hints: [hint] });
}

function needDate(text: string, letters: ReadonlySet<string>): void {
  const day = letters.has('d') || letters.has('e');
  const month = letters.has('m') || letters.has('b') || letters.has('B');
  if (letters.has('s') || letters.has('j') || (day && month)) return;
  throw failure(
    text,
    'it has no date',
    'name the day and the month (%d and %m or %b), the day of the year (%j) or the epoch (%s)',
  );
}

/**
 * A pattern of strptime(3): %Y %y %m %b %B %d %e %j %H %k %I %l %p %M %S %f (also %N, %L) %z %Z %s %a %A %F %T %R %D %n
 * %t %%. Names are English. `%S` also takes a fraction that the pattern does not go on with. Throws a UserError for an
 * unknown directive, with its column, and for a pattern without a date.
 */
export function parsePattern(text: string): TimePattern {
  const steps: PatternStep[] = [];
  const letters = new Set<string>();

  function addLiteral(character: string): void {
    if (character === ' ' || character === '\t') {
      if (steps.at(-1)?.kind !== 'blanks') steps.push({ kind: 'blanks' });
      return;
    }
    for (const byte of Buffer.from(character)) steps.push({ kind: 'byte', byte });
  }

  function addDirective(letter: string, column: number): void {
    const expansion = expansions[letter];
    if (letter === '%') addLiteral('%');
    else if (expansion !== undefined) addAll(expansion);
    else if (letter.length === 1 && directives.includes(letter)) {
      if (letter !== 'f' && letters.has(letter)) {
        throw failure(text, `%${letter} stands twice in it`, 'name each part of a time once');
      }
      letters.add(letter);
      steps.push({ kind: 'directive', letter });
    } else {
      const what = letter === '' ? 'ends with a bare %' : `has no directive %${letter}`;
      throw failure(
        text,
        `strptime ${what} (column ${column})`,
        `use ${Array.from('YymdbBejHIpMSfzZs', (known) => `%${known}`).join(' ')}, and %% for a percent sign`,
      );
    }
  }

  function addAll(part: string): void {
    const characters = Array.from(part);
    for (let index = 0; index < characters.length; index++) {
      if (characters[index] === '%') addDirective(characters[++index] ?? '', index);
      else addLiteral(characters[index]!);
    }
  }

  if (text.length > 200) throw failure(`${text.slice(0, 40)}...`, 'it is too long', 'at most 200 characters are read');
  addAll(text);
  needDate(text, letters);
  return { text, steps };
}

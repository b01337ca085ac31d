import { UserError } from '../../errors/user-error.ts';

/** Reads a pattern character by character and knows the column of each. */
export interface PatternReader {
  /** Of the whole pattern; a character is a code point. */
  readonly characters: readonly string[];
  position: number;
}

const longestQuote = 60;

export function peek(reader: PatternReader, distance = 0): string | undefined {
  return reader.characters[reader.position + distance];
}

/** Whether `expected` came next; then it is behind the reader. */
export function take(reader: PatternReader, expected: string): boolean {
  const length = expected.length;
  for (let index = 0; index < length; index++) if (peek(reader, index) !== expected[index]) return false;
  reader.position += length;
  return true;
}

/** Reads what `accepts` takes, at most `longest` characters. */
export function takeWhile(reader: PatternReader, accepts: RegExp, longest: number): string {
  const start = reader.position;
  while (reader.position - start < longest && accepts.test(peek(reader) ?? '')) reader.position++;
  return reader.characters.slice(start, reader.position).join('');
}

/** Throws the UserError for the character at `position`; `reason` follows the pattern in the sentence. */
export function refuse(reader: PatternReader, position: number, reason: string, hint: string): never {
  const { characters } = reader;
  const from = characters.length <= longestQuote ? 0 : Math.max(0, position - longestQuote / 2);
  const to = Math.min(characters.length, from + longestQuote);
  const quoted = `${from > 0 ? '...' : ''}${characters.slice(from, to).join('')}${to < characters.length ? '...' : ''}`;
  throw new UserError(`cannot search for '${quoted}': column ${position + 1}: ${reason}`, {
    code: 'usage',
    hints: [hint],
  });
}

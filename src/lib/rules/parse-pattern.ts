/** A regular expression as a tree; the syntax is the part of RE2's that patterns for names need. */
export type PatternNode =
  | { kind: 'character'; accepts: (code: number) => boolean }
  | { kind: 'start' | 'end' }
  | { kind: 'sequence' | 'alternatives'; parts: PatternNode[] }
  /** No `maximum`: any number of times. */
  | { kind: 'repetition'; part: PatternNode; minimum: number; maximum?: number };

const maximumLength = 256;

/** Throws a SyntaxError whose message says what is wrong, for the end of a sentence. */
export function parsePattern(pattern: string): PatternNode {
  if (pattern.length > maximumLength) throw new SyntaxError(`it is longer than ${maximumLength} characters`);
  const cursor: Cursor = { characters: Array.from(pattern), position: 0 };
  const node = parseAlternatives(cursor);
  // Only a parenthesis too many ends the outermost alternatives before the text does.
  if (cursor.position < cursor.characters.length) throw new SyntaxError('it has a ) without its (');
  return node;
}

interface Cursor {
  readonly characters: readonly string[];
  position: number;
}

function peek(cursor: Cursor): string | undefined {
  return cursor.characters[cursor.position];
}

function take(cursor: Cursor, expected: string): boolean {
  const found = cursor.characters.slice(cursor.position, cursor.position + expected.length).join('') === expected;
  if (found) cursor.position += expected.length;
  return found;
}

function parseAlternatives(cursor: Cursor): PatternNode {
  const parts = [parseSequence(cursor)];
  while (take(cursor, '|')) parts.push(parseSequence(cursor));
  return parts.length === 1 ? parts[0]! : { kind: 'alternatives', parts };
}

function parseSequence(cursor: Cursor): PatternNode {
  const parts: PatternNode[] = [];
  for (let next = peek(cursor); next !== undefined && next !== '|' && next !== ')'; next = peek(cursor)) {
    parts.push(parseRepetition(cursor, parseAtom(cursor)));
  }
  return { kind: 'sequence', parts };
}

function parseRepetition(cursor: Cursor, part: PatternNode): PatternNode {
  const bounds = parseBounds(cursor);
  if (bounds === undefined) return part;
  // Greedy or not makes no difference where only the whole text counts.
  take(cursor, '?');
  if (parseBounds(cursor) !== undefined) throw new SyntaxError('it repeats a repetition');
  return { kind: 'repetition', part, ...bounds };
}

function parseBounds(cursor: Cursor): { minimum: number; maximum?: number } | undefined {
  if (take(cursor, '*')) return { minimum: 0 };
  if (take(cursor, '+')) return { minimum: 1 };
  if (take(cursor, '?')) return { minimum: 0, maximum: 1 };
  if (peek(cursor) !== '{') return undefined;
  const rest = cursor.characters.slice(cursor.position).join('');
  const match = /^\{(\d{1,3})(,(\d{1,3})?)?\}/.exec(rest);
  const minimum = Number(match?.[1]);
  const maximum = match?.[2] === undefined ? minimum : match[3] === undefined ? undefined : Number(match[3]);
  if (match === null || (maximum !== undefined && maximum < minimum)) {
    throw new SyntaxError('it has a { that is no repetition such as {2} or {1,3}: write \\\\{ for the character');
  }
  cursor.position += match[0].length;
  return maximum === undefined ? { minimum } : { minimum, maximum };
}

function parseAtom(cursor: Cursor): PatternNode {
  const character = cursor.characters[cursor.position++]!;
  if (character === '.') return { kind: 'character', accepts: () => true };
  if (character === '^') return { kind: 'start' };
  if (character === '$') return { kind: 'end' };
  if (character === '[') return { kind: 'character', accepts: parseClass(cursor) };
  if (character === '\\') return { kind: 'character', accepts: parseEscape(cursor).accepts };
  if ('*+?{'.includes(character)) throw new SyntaxError(`it has a ${character} with nothing before it to repeat`);
  if (character !== '(') return { kind: 'character', accepts: isExactly(character).accepts };
  if (peek(cursor) === '?' && !take(cursor, '?:')) {
    throw new SyntaxError('it has a group that starts with (?, of which only (?: is known');
  }
  const group = parseAlternatives(cursor);
  if (!take(cursor, ')')) throw new SyntaxError('it has a ( without its )');
  return group;
}

/** A set of characters; `code` when it is a single one, which a range can start or end with. */
interface CharacterSet {
  accepts: (code: number) => boolean;
  code?: number;
}

function isExactly(character: string): CharacterSet {
  const code = character.codePointAt(0)!;
  return { accepts: (other) => other === code, code };
}

function parseClass(cursor: Cursor): (code: number) => boolean {
  const negated = take(cursor, '^');
  const sets: CharacterSet[] = [];
  // A ] that comes first is a member, as in POSIX and RE2.
  while (sets.length === 0 || peek(cursor) !== ']') {
    const first = parseClassMember(cursor);
    const isRange = peek(cursor) === '-' && ![']', undefined].includes(cursor.characters[cursor.position + 1]);
    if (!isRange) {
      sets.push(first);
      continue;
    }
    cursor.position++;
    const last = parseClassMember(cursor);
    const [from, to] = [first.code, last.code];
    if (from === undefined || to === undefined || from > to) throw new SyntaxError('it has a range that is no range');
    sets.push({ accepts: (code) => code >= from && code <= to });
  }
  cursor.position++;
  return (code) => sets.some((set) => set.accepts(code)) !== negated;
}

function parseClassMember(cursor: Cursor): CharacterSet {
  const character = cursor.characters[cursor.position++];
  if (character === undefined) throw new SyntaxError('it has a [ without its ]');
  if (character === '[' && peek(cursor) === ':')
    throw new SyntaxError('it names a class such as [:alpha:], which is not known');
  return character === '\\' ? parseEscape(cursor) : isExactly(character);
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isSpace = (code: number): boolean => [9, 10, 12, 13, 32].includes(code);
const isWord = (code: number): boolean =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;

function parseEscape(cursor: Cursor): CharacterSet {
  const character = cursor.characters[cursor.position++];
  switch (character) {
    case undefined:
      throw new SyntaxError('it ends in a lone backslash');
    case 'd':
      return { accepts: isDigit };
    case 'D':
      return { accepts: (code) => !isDigit(code) };
    case 's':
      return { accepts: isSpace };
    case 'S':
      return { accepts: (code) => !isSpace(code) };
    case 'w':
      return { accepts: isWord };
    case 'W':
      return { accepts: (code) => !isWord(code) };
    case 't':
      return isExactly('\t');
    case 'n':
      return isExactly('\n');
    default:
      if (isWord(character.codePointAt(0)!)) throw new SyntaxError(`it has \\${character}, which is not known`);
      return isExactly(character);
  }
}

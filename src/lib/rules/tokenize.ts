export type TokenKind = 'word' | 'number' | 'string' | 'symbol' | 'end';

export interface Token {
  kind: TokenKind;
  /** The decoded content of a string; of anything else, the characters as they were written. */
  text: string;
  /** Offset of its first character in the rule. */
  offset: number;
}

/** Why a text is no rule, and where. */
export interface Mistake {
  offset: number;
  message: string;
  hint: string;
}

/** The words of a rule; `fail` is called with the first thing that is no word, and throws. */
export function tokenize(text: string, fail: (mistake: Mistake) => never): Token[] {
  const tokens: Token[] = [];
  // A number takes the letters behind it along: 5GiB and 2h30m are one word each.
  const word =
    /\s*(?:(?<word>[A-Za-z_][\w.]*)|(?<number>-?\d[\w.%/]*)|(?<symbol>[=!<>]=|[=!]~|[<>={}(),%])|(?<quote>["']))/y;
  const rest = /\s*/y;
  for (;;) {
    rest.lastIndex = word.lastIndex;
    rest.exec(text);
    const offset = rest.lastIndex;
    if (offset === text.length) return [...tokens, { kind: 'end', text: '', offset }];
    const groups = word.exec(text)?.groups;
    if (groups === undefined) {
      const character = String.fromCodePoint(text.codePointAt(offset)!);
      fail({ offset, message: `${JSON.stringify(character)} has no meaning here`, hint: hintFor(character) });
    } else if (groups['quote'] !== undefined) {
      const string = readString(text, offset, fail);
      tokens.push({ kind: 'string', text: string.content, offset });
      word.lastIndex = string.end;
    } else if (groups['word'] !== undefined) {
      tokens.push({ kind: 'word', text: groups['word'], offset });
    } else if (groups['number'] !== undefined) {
      tokens.push({ kind: 'number', text: groups['number'], offset });
    } else {
      tokens.push({ kind: 'symbol', text: groups['symbol']!, offset });
    }
  }
}

function hintFor(character: string): string {
  if (character === '&' || character === '|') return "join comparisons with the words 'and' and 'or'";
  if (character === '.') return 'write a digit before the point, such as 0.5';
  if (character === '!') return "write != for 'not equal' and !~ for 'does not match'";
  return 'write a rule such as disk.used_pct{mount="/var"} > 90%';
}

const meanings: Record<string, string> = { n: '\n', t: '\t', '\\': '\\', '"': '"', "'": "'" };

function readString(text: string, start: number, fail: (mistake: Mistake) => never): { content: string; end: number } {
  const quote = text[start]!;
  let content = '';
  for (let position = start + 1; position < text.length; position++) {
    const character = text[position]!;
    if (character === quote) return { content, end: position + 1 };
    if (character !== '\\') {
      content += character;
      continue;
    }
    position++;
    const meaning = meanings[text[position] ?? ''];
    if (meaning === undefined) {
      fail({
        offset: position - 1,
        message: 'a backslash in quotes stands before n, t, a quote or another backslash',
        hint: 'write \\\\ for one backslash, such as "sd[a-z]\\\\d" for the pattern sd[a-z]\\d',
      });
    }
    content += meaning;
  }
  return fail({ offset: start, message: 'the text in quotes has no end', hint: `close it with ${quote}` });
}

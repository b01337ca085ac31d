/** What a command line says that is still being typed. */
export interface TypedWords {
  /** The finished words, as the program would get them. */
  before: readonly string[];
  /** The word at the cursor, up to the cursor; undefined where a file to redirect to is being typed. */
  last: string | undefined;
  /** Whether the cursor stands behind an opening quote. */
  isQuoted: boolean;
}

/** Takes the words as they stand on the line, quotes and all. Nothing in them is ever evaluated. */
export function readTypedWords(raw: readonly string[]): TypedWords {
  const before: string[] = [];
  let isTarget = false;
  for (const word of raw.slice(0, -1)) {
    const target = redirectionTarget(word);
    if (target !== undefined) isTarget = target === '';
    else if (isTarget) isTarget = false;
    else before.push(unquote(word).plain);
  }
  const last = raw.at(-1) ?? '';
  if (isTarget || redirectionTarget(last) !== undefined) return { before, last: undefined, isQuoted: false };
  const { plain, isOpen } = unquote(last);
  return { before, last: plain, isQuoted: isOpen };
}

/** What follows `>`, `2>`, `&>>`, `<` in the same word, for bash hands redirections over; undefined for any other word. */
function redirectionTarget(word: string): string | undefined {
  return /^(?:\d*|&)[<>]{1,3}[&|]?(.*)$/s.exec(word)?.[1];
}

/** Quotes and backslashes as POSIX shells read them; `$` and backquotes are characters like any other. */
function unquote(word: string): { plain: string; isOpen: boolean } {
  let plain = '';
  let quote = '';
  for (let at = 0; at < word.length; at++) {
    const character = word[at]!;
    const next = word[at + 1] ?? '';
    if (character === quote) quote = '';
    else if (quote === '' && /["']/.test(character)) quote = character;
    else if (character === '\\' && (quote === '' || (quote === '"' && /["\\$`]/.test(next)))) {
      plain += next;
      at++;
    } else plain += character;
  }
  return { plain, isOpen: quote !== '' };
}

import { mask } from '../../log/redact.ts';

/** A quick look at a line. */
export const bearerWords = /bearer|basic/i;

/** From here on a word is taken for a token even when it looks like an English one. */
const longWord = 24;

/**
 * A function that masks what follows `Bearer` and `Basic`, without a header's name before them. `basic authentication`
 * is two words and stays: a token has digits, capitals within, an equals sign, or is long.
 */
export function createBearerRedactor(): (line: string) => string {
  // Ours alone, because they remember where they are. The rest of a long token is followed by hand, see known-token.ts.
  const beginning = /(?<!\w)(?:bearer|basic)[ \t]{1,256}(?=[\w.~+/=-]{8})/gi;
  const endOfToken = /[^\w.~+/=-]/g;
  return (line) => {
    let result = '';
    let position = 0;
    beginning.lastIndex = 0;
    while (beginning.test(line)) {
      const from = beginning.lastIndex;
      endOfToken.lastIndex = from;
      const to = endOfToken.exec(line)?.index ?? line.length;
      if (to - from < longWord && !/[\d=]|[a-z][A-Z]/.test(line.slice(from, to))) continue;
      result += line.slice(position, from) + mask;
      position = to;
      beginning.lastIndex = to;
    }
    return position === 0 ? line : result + line.slice(position);
  };
}

/** Text with everything that does not show, or that steers a terminal, written as an escape: `\n`, `\u{1b}`. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === '\n') return String.raw`\n`;
    if (character === '\t') return String.raw`\t`;
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
}

/** Text in quotes for a message, cut when it is long. */
export function quoted(text: string): string {
  const longest = 60;
  return `'${printable(text.length > longest ? `${text.slice(0, longest)}...` : text)}'`;
}

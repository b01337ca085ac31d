// Control, format (joiners, byte order marks, what turns the direction of text), lone surrogates, and the two separators
// of Unicode that some programs take for the end of a line.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Nearly every text there is; it costs half of the other look. */
const plainAscii = /^[ -~]*$/;

/**
 * Text from outside as one harmless line: whatever does not show, could move the cursor or fake a line becomes an
 * escape, `\n`, `\t`, `\x1b`, `\u202e` or `\u{e0001}`. Letters of every script stay as they are, and so does a backslash.
 */
export function printable(text: string): string {
  if (plainAscii.test(text)) return text;
  return text.replace(unprintable, (character) => {
    if (character === '\n') return String.raw`\n`;
    if (character === '\t') return String.raw`\t`;
    const code = character.codePointAt(0)!;
    const digits = code.toString(16);
    if (code > 0xffff) return `\\u{${digits}}`;
    return code > 0xff ? `\\u${digits.padStart(4, '0')}` : `\\x${digits.padStart(2, '0')}`;
  });
}

// eslint-disable-next-line no-control-regex -- control characters, C1 codes and what turns the direction of text
const unprintable = /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/;
const unprintableAll = new RegExp(unprintable.source, 'g');

/** Text from outside, made harmless for a screen: whatever could move the cursor or fake a line is shown as an escape. */
export function printable(text: string): string {
  if (!unprintable.test(text)) return text;
  return text.replace(unprintableAll, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}

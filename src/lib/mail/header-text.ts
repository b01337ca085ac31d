/** Of a line with encoded words (RFC 2047 2), line end left out. */
const longestLine = 76;
/** Bytes that make an encoded word of 64 characters, which goes beside the name of a header. */
const bytesOfWord = 39;

// What would end the header or the line of whoever shows it, or does nothing that a reader could see.
const flattened = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** Text as one line: each run of control characters, line ends among them, is one space. All other text stays. */
export function flattenHeaderText(text: string): string {
  return text.toWellFormed().replaceAll(flattened, ' ').trim();
}

/**
 * The value of an unstructured header, folded (RFC 5322 2.2.3) and encoded where it has to be (RFC 2047): a reader gets
 * exactly `text`, which has no control characters.
 */
export function encodeHeaderText(name: string, text: string): string {
  const isPlain = /^[!-~]+(?: [!-~]+)*$/.test(text) && !text.includes('=?');
  const words = text.split(' ');
  if (!isPlain || words.some((word) => word.length + name.length > longestLine - 4)) return encodedWords(text);
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const taken = lines.length === 0 ? name.length + 2 : 1;
    if (line !== '' && taken + line.length + 1 + word.length > longestLine) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.join('\r\n ');
}

/** The space between two encoded words is none of the text's. A word holds whole characters. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let part = '';
  let bytes = 0;
  for (const character of text) {
    const length = Buffer.byteLength(character);
    if (bytes + length > bytesOfWord) {
      words.push(part);
      part = '';
      bytes = 0;
    }
    part += character;
    bytes += length;
  }
  words.push(part);
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}

/** What stands in a template where the lines differ. */
export const wildcard = '<*>';

const longestLine = 2048;
const mostTokens = 128;
const hexadecimal = /^(?:[0-9a-f]{7,}|[0-9A-F]{7,})$/;
const request = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT) /;
/** A quoted text ends within so many characters, or the quote is an apostrophe. */
const longestQuoted = 512;

// What a character may be a part of; a table, because a look into it is all that most characters cost.
const separator = 0;
const letter = 1;
const digit = 2;
const space = 3;
const quote = 4;
/** `-`, `_`, `.`, `@`, `+`, `%`, `~`, `#` and `$` join letters and digits to one word. */
const joint = 5;

const kinds = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[0-9]/.test(character)) return digit;
  if (/[A-Za-z\u0080-\u00ff]/.test(character)) return letter;
  if (code <= 0x20 || code === 0x7f) return space;
  if (character === '"' || character === "'") return quote;
  return '-_.@+%~#$'.includes(character) ? joint : separator;
});

/**
 * The words of a line, one space between two of them, with what differs from line to line masked as `<*>`: numbers with
 * their units, hexadecimal numbers, UUIDs, addresses, times, versions, mail addresses, quoted texts, and the parts of
 * paths that have digits. Of `worker-12` and `blk_99` the name stays; so do words with one or two digits at their end,
 * such as `utf8` or `eth0`. Quoted texts that are keys or a request (`"GET /path HTTP/1.1"`) are words like others, and
 * so are all of a line that is a JSON object, which is split behind its commas, too. Only the first 2,048 characters and 128 words are looked at. Time is linear, in one pass.
 */
export function maskLine(line: string): string {
  const end = Math.min(line.length, longestLine);
  let result = '';
  // What is before `copied` is in the result, or masked.
  let copied = 0;
  let at = 0;
  // Where the last masked word ended.
  let maskedTo = -1;
  let tokens = 1;
  // Where the quote of a request is closed.
  let requestEnd = -1;
  while (at < end && isSpace(line, at)) at++;
  copied = at;
  const json = line.charCodeAt(at) === 0x7b;
  while (at < end) {
    const kind = kindAt(line, at);
    if (kind === letter || kind === digit || kind === joint) {
      const from = at;
      at = wordEnd(line, from, end);
      const masked = maskFrom(line, from, at);
      if (masked === at) continue;
      // `10.0.0.1:80` and `12:30:05` are one thing: what a colon joins is not repeated.
      const joined = copied === maskedTo && masked === copied + 1 && line.charCodeAt(copied) === 0x3a;
      if (!joined) result += line.slice(copied, masked) + wildcard;
      copied = at;
      maskedTo = at;
    } else if (kind === space) {
      const from = at;
      while (at < end && isSpace(line, at)) at++;
      if (at === end || ++tokens > mostTokens) return finish(result + line.slice(copied, from), at < line.length);
      if (at - from > 1 || line.charCodeAt(from) !== 0x20) {
        result += `${line.slice(copied, from)} `;
        copied = at;
      }
    } else if (kind === quote && !json && at !== requestEnd) {
      const close = closingQuote(line, at, end);
      if (close !== -1 && kindAt(line, at + 1) === letter && request.test(line.slice(at + 1, at + 9))) {
        requestEnd = close;
        at++;
        continue;
      }
      if (close > at + 1 && line.charCodeAt(close + 1) !== 0x3a) {
        result += line.slice(copied, at + 1) + wildcard;
        copied = close;
      }
      at = close === -1 ? at + 1 : close + 1;
    } else if (json && line.charCodeAt(at) === 0x2c && line.charCodeAt(at + 1) === 0x22 && tokens < mostTokens) {
      tokens++;
      at++;
      result += `${line.slice(copied, at)} `;
      copied = at;
    } else {
      at++;
    }
  }
  return finish(result + line.slice(copied, end), end < line.length);
}

function finish(text: string, cut: boolean): string {
  return cut ? `${text} ${wildcard}` : text;
}

function kindAt(line: string, at: number): number {
  const code = line.charCodeAt(at);
  return code < 256 ? kinds[code]! : letter;
}

function isSpace(line: string, at: number): boolean {
  return kindAt(line, at) === space;
}

function wordEnd(line: string, from: number, end: number): number {
  let at = from + 1;
  while (at < end) {
    const kind = kindAt(line, at);
    if (kind !== letter && kind !== digit && kind !== joint) break;
    at++;
  }
  return at;
}

/** From where on a word is masked: its beginning, somewhere behind a name, or `to` when it stays as it is. */
function maskFrom(line: string, from: number, to: number): number {
  let digits = 0;
  let firstDigit = -1;
  let ats = 0;
  for (let at = from; at < to; at++) {
    const code = line.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      if (firstDigit === -1) firstDigit = at;
      digits++;
    } else if (code === 0x40 && at > from) {
      ats++;
    }
  }
  if (ats === 1) return from;
  if (digits === 0) return to;
  // A dot behind a number ends a sentence, but it is masked all the same: `in 5ms.` and `in 5ms` are one template.
  if (firstDigit === from) return from;
  // Only digits from there to the end.
  const tail = digits === to - firstDigit;
  const before = kindAt(line, firstDigit - 1);
  if (tail && before === letter && digits <= 2) return hexadecimal.test(line.slice(from, to)) ? from : to;
  return tail && before === joint && firstDigit > from + 1 ? firstDigit : from;
}

/** Where the quote at `at` is closed; -1 when it is an apostrophe, or closed too far away. */
function closingQuote(line: string, at: number, end: number): number {
  const mark = line.charCodeAt(at);
  if (mark === 0x27 && at > 0 && kindAt(line, at - 1) === letter) return -1;
  const limit = Math.min(end, at + 1 + longestQuoted);
  for (let close = at + 1; close < limit; close++) {
    const code = line.charCodeAt(close);
    if (code === 0x5c) close++;
    else if (code === mark) return close;
  }
  return -1;
}

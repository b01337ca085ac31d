import { mask, secretWords } from '../../log/redact.ts';
import { bareValue, quotedValue, type Range } from './secret-value.ts';

/** Names of secrets in logs, beyond those that our own messages have. A part of a regular expression, without case. */
const logWords = [
  secretWords,
  'signature',
  '(?:account|client|encryption|master|shared|signing)[-_]?key',
  '(?<!by|com|sur)(?:pass|pwd)(?![a-z])',
  '(?<=[?&])sig',
  '(?:proxy-)?authorization',
  String.raw`(?<![\w-])(?:set-)?cookies?2?`,
  String.raw`(?<![a-z])session(?:[-_]?(?:id|key))?(?![\w-])|phpsessid|jsessionid|asp\.net_sessionid|connect\.sid`,
].join('|');

/** Loggers for a terminal colour names and values (ECMA-48, SGR). */
const colours = String.raw`(?:\x1b\[[\d;]{0,16}m){0,4}`;

/** A quick look at a line: without one of these words it has no pair. */
export const pairWords =
  /pass|pwd|secret|token|[st]ion[-_]?key|(?:api|ss|private|account|client|master|shared|signing)[-_]?key|credential|signature|sig=|authorization|cookie|session|sessid|\.sid/i;

/** What follows these words in a name tells about the secret, not the secret: `token_type`, `secretName`. */
const aboutIt = /^(?:iz|less|ar(?:y|iat|ies)\b)|(?:name|type|ur[il]|endpoint|policy|enabled|required|file|path)$/i;
/** Such as `prompt_tokens` and `token_expires_in`, whose value is a plain number. */
const amount = /^s?[-_]?(?:count|limit|budget|usage|used|ttl|age|length|size|total|attempts|expir\w*|version)?s?$/i;
const number = /^\d+(?:\.\d+)?$/;
const nothing = /^(?:null|nil|none|true|false|undefined|\*+|[{[(])$/i;
const scheme =
  /^\[?(?:(bearer|basic|negotiate|ntlm|token|api-?key|dpop)|digest|hawk|oauth|mutual|aws4-hmac-sha256|shared(?:key(?:lite)?|accesssignature)|signature|scram-[\w-]{1,20})[ \t]{1,256}/i;

/**
 * Masks the values of pairs: `password=...`, `"token":"..."` (also as JSON within JSON), `x-api-key: ...`,
 * `Authorization: ...` behind its scheme, the whole of `Cookie: ...` and session identifiers. A bare value ends at a
 * space, a comma, a semicolon, `&` or a quote; a quoted one at its quote, or at the end of the line. Values that are no
 * secret stay: null, true and false, counts (`prompt_tokens=512`), and what only speaks of one (`token_type`).
 */
export function createPairRedactor(): (line: string) => string {
  // Ours alone, because it remembers where it is.
  const pair = new RegExp(
    String.raw`(${logWords})([\w-]{0,40})(\\{0,15}["'])?${colours}[ \t]{0,256}(=>?|:|%3d)${colours}[ \t]{0,256}${colours}`,
    'gi',
  );
  return (line) => {
    let result = '';
    let position = 0;
    pair.lastIndex = 0;
    for (let found = pair.exec(line); found !== null; found = pair.exec(line)) {
      const value = secretRange(line, found, pair.lastIndex);
      if (value === undefined || value.from >= value.to) continue;
      result += line.slice(position, value.from) + mask;
      position = value.to;
      pair.lastIndex = value.to;
    }
    return position === 0 ? line : result + line.slice(position);
  };
}

/** What of the value that begins at `start` is to be masked. */
function secretRange(line: string, found: RegExpExecArray, start: number): Range | undefined {
  const word = found[1]!.toLowerCase();
  const suffix = found[2]!;
  const quotedKey = found[3] !== undefined;
  const colon = found[4] === ':';
  const before = found.index === 0 ? '' : line[found.index - 1]!;
  if (suffix !== '' && aboutIt.test(suffix)) return undefined;
  // `/etc/passwd: No such file or directory`
  if (colon && !quotedKey && (before === '/' || before === '.')) return undefined;
  // `pass: 10`, `Session: opened` and `pwd: /home` are words of every day.
  const everyday = word === 'pass' || word === 'pwd' || word.startsWith('session');
  if (everyday && ((colon && !quotedKey) || suffix !== '')) return undefined;

  const quoted = quotedValue(line, start);
  if (word.endsWith('authorization')) return credentialRange(line, quoted ?? { from: start, to: line.length }, quoted);
  if (/cookies?2?$/.test(word) && (colon || quotedKey) && quoted === undefined) return { from: start, to: line.length };
  const range = quoted ?? bareRange(line, start, quotedKey);
  if (range === undefined) return undefined;
  return isHarmless(line.slice(range.from, Math.min(range.to, range.from + 64)), word, suffix) ? undefined : range;
}

function bareRange(line: string, start: number, quotedKey: boolean): Range | undefined {
  if (!quotedKey) return bareValue(line, start, false);
  // An object has keys of its own; a list of secrets has not.
  if (line[start] === '{') return undefined;
  if (line[start] !== '[') return bareValue(line, start, true);
  const end = line.indexOf(']', start);
  return { from: start, to: end === -1 ? line.length : end + 1 };
}

/** `Bearer abc` without its first word; of a scheme with parameters (`Digest ...`) all of them. */
function credentialRange(line: string, whole: Range, quoted: Range | undefined): Range {
  // No scheme and no space behind it is longer.
  const found = scheme.exec(line.slice(whole.from, whole.from + 300));
  if (found === null || whole.from + found[0].length >= whole.to) return quoted ?? bareValue(line, whole.from, false);
  const from = whole.from + found[0].length;
  return quoted === undefined && found[1] !== undefined ? bareValue(line, from, false) : { from, to: whole.to };
}

function isHarmless(value: string, word: string, suffix: string): boolean {
  if (nothing.test(value)) return true;
  if (word === 'pwd') return value.startsWith('/') || value.startsWith('~');
  if (!number.test(value)) return false;
  return word.startsWith('session') || (word === 'token' && suffix !== '' && amount.test(suffix));
}

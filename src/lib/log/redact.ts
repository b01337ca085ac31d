const secretKey =
  /pass(word|phrase|wd)?|pwd|secret|token|authorization|cookie|credential|(api|access|private)[-_]?key|signature/i;

/** What stands where a secret was; always the same width, so that it tells nothing of the secret's length. */
export const mask = '[redacted]';

/** The words in the name of a variable, option or field that holds a secret, as a part of a regular expression. */
export const secretWords =
  'password|passphrase|passwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential';

/** A copy in which every value under a telling key, and every password in a URL, is masked. */
export function redactFields(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  // JSON has no such number.
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  // A log line is no place for a whole tree, and a cycle would never end.
  if (depth === 6) return '[deep]';
  if (value instanceof Error) return redactText(value.stack ?? value.message);
  // A date or a URL holds nothing that could be listed.
  if ('toJSON' in value && typeof value.toJSON === 'function') return redactFields(value.toJSON(), depth + 1);
  if (Array.isArray(value)) return value.map((item) => redactFields(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, secretKey.test(key) ? mask : redactFields(item, depth + 1)]),
  );
}

// The names of variables and options end in many ways (`SECRET_ACCESS_KEY`, `token-v2`); the limit of 40 keeps a long
// text of such words from taking time in the square of its length.
const secretPair = new RegExp(
  String.raw`((?:${secretWords})[\w-]{0,40}["']?[ \t]*[=:][ \t]*)(?:(["'])(?:\\.|(?!\2)[^\\\n])*\2?|[^\s,;&'"]+)`,
  'gi',
);

/**
 * Masks the password of `scheme://user:password@host`, the words after `Bearer` and `Basic`, and the values of pairs
 * such as `DB_PASSWORD=...` and `"token": "..."`.
 */
export function redactText(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]{0,40}:\/\/[^\s:/@]*):[^\s/]+@/gi, `$1:${mask}@`)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${mask}`)
    .replace(secretPair, `$1$2${mask}$2`);
}

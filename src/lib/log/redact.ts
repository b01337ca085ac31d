const secretKey = /pass(word|phrase|wd)?|secret|token|authorization|cookie|credential|api_?key|private_?key/i;
const mask = '[redacted]';

/** A copy in which every value under a telling key, and every password in a URL, is masked. */
export function redactFields(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  // A log line is no place for a whole tree, and a cycle would never end.
  if (depth === 6) return '[deep]';
  if (value instanceof Error) return redactText(value.stack ?? value.message);
  if (Array.isArray(value)) return value.map((item) => redactFields(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, secretKey.test(key) ? mask : redactFields(item, depth + 1)]),
  );
}

/** Masks the password of `scheme://user:password@host`, the words after `Bearer`, and `password=...` pairs. */
export function redactText(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, `$1:${mask}@`)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${mask}`)
    .replace(/\b((?:password|passwd|secret|token|api_?key)\s*[=:]\s*)[^\s,;&'"]+/gi, `$1${mask}`);
}

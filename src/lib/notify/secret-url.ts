import { UserError } from '../errors/user-error.ts';
import type { SecretSource } from '../secrets/secret-source.ts';
import { resolveSecret, type SecretReader } from '../secrets/resolve-secret.ts';
import { printable } from '../text/printable.ts';

/**
 * The URL of a notifier, which often is a secret itself. Throws UserError (config), without its text, for what is no
 * URL of https or http, and what resolveSecret throws.
 */
export function secretUrl(source: string | SecretSource, notifier: string, reader: SecretReader): URL {
  const text = typeof source === 'string' ? source : resolveSecret(source, reader);
  const url = URL.parse(text.trim());
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new UserError(`the url of notifier '${printable(notifier)}' is no URL of https or http`, {
    code: 'config',
    hints: ['write it as https://host/path, or name where it is kept: { env: NAME } or { file: PATH }'],
  });
}

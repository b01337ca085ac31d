import { UserError } from '../errors/user-error.ts';
import { resolveSecret, type SecretReader } from '../secrets/resolve-secret.ts';
import { printable } from '../text/printable.ts';
import type { WebhookSettings } from './settings.ts';

/** What belongs to the connection or to the body that we send: another value would break the request. */
const ours: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'idempotency-key',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers of a webhook, by their names in lower case. Throws UserError (config), which shows no value, for a name
 * or a value that no header can have (RFC 9110, 5.5), and what resolveSecret throws.
 */
export function secretHeaders(
  headers: WebhookSettings['headers'],
  notifier: string,
  reader: SecretReader,
): Record<string, string> {
  const resolved = new Map<string, string>();
  for (const [name, source] of Object.entries(headers ?? {})) {
    const key = name.toLowerCase();
    const value = typeof source === 'string' ? source : resolveSecret(source, reader);
    if (!/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) throw refusal(name, notifier, 'is no name of a header');
    if (ours.has(key)) throw refusal(name, notifier, 'is set by us alone');
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw refusal(name, notifier, 'has a value that no header can have');
    resolved.set(key, value);
  }
  return Object.fromEntries(resolved);
}

function refusal(name: string, notifier: string, reason: string): UserError {
  return new UserError(`the header '${printable(name)}' of notifier '${printable(notifier)}' ${reason}`, {
    code: 'config',
    hints: ['a header is one line, such as Authorization: { env: HOOK_AUTHORIZATION }'],
  });
}

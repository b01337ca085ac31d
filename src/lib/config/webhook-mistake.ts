import { secretHint } from './schema-secret.ts';
import type { TextMistake } from './text-mistake.ts';

const secretWord = /(?:^|[-_.])(?:token|secret|password|passwd|pass|key|apikey|auth|sig|signature|code)$/i;
/** Their paths are the secret. */
const secretHosts = /^(?:hooks\.slack\.com|(?:[a-z]+\.)?discord(?:app)?\.com|[a-z0-9.-]+\.webhook\.office\.com)$/;

/** What is wrong with a URL that stands in the file for everybody to see; nothing of it is in the message. */
export function webhookMistake(text: string): TextMistake | undefined {
  const url = URL.parse(text);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) {
    return { message: 'this is no URL of http or https', hint: 'write for instance https://example.org/alerts' };
  }
  const isSecret =
    url.username !== '' ||
    url.password !== '' ||
    secretHosts.test(url.hostname) ||
    [...url.searchParams.keys()].some((name) => secretWord.test(name));
  return isSecret ? { message: 'found a URL that holds a secret', hint: secretHint } : undefined;
}

/** Whether the value of a header is one that nobody else may have. */
export function isSecretHeader(name: string): boolean {
  return /^(?:proxy-)?authorization$|^cookie$/i.test(name) || secretWord.test(name);
}

import { quoted } from '../../text/quoted.ts';
import { UserError } from '../../errors/user-error.ts';

/** The word is not a target: why, and what to type instead. A password in it is not repeated. */
export function targetMistake(word: string, reason: string, hint: string = whatToWrite): UserError {
  const shown = quoted(withoutUserInfo(word));
  return new UserError(`${shown} is not a target: ${reason}`, { code: 'usage', hints: [hint] });
}

const whatToWrite = 'write a host, host:port, [address]:port, a URL such as smtp://host, or the path of a file';

/**
 * What may be shown of a word that could be `scheme://user:password@host`. All before the last `@` goes, because a
 * password with a slash in it, which should have been escaped, reaches beyond what RFC 3986 calls the authority.
 */
export function withoutUserInfo(word: string): string {
  const lastSign = word.lastIndexOf('@');
  if (lastSign === -1) return word;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(word)?.[0] ?? '';
  return scheme + word.slice(Math.max(lastSign + 1, scheme.length));
}

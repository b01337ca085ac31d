import { UserError } from '../errors/user-error.ts';
import { quoted } from '../text/quoted.ts';

/** A word with an @, or the name of a user on this machine as sendmail takes it. */
const address = /^(?:[^\s@<>()[\],;:\\"\p{Cc}]{1,64}@[^\s@<>()[\],;:\\"\p{Cc}]{1,255}|[a-z_][a-z0-9_.-]{0,63})$/u;
const withName = /^[^<>"\p{Cc}]{0,200}<([^<>]+)>$/u;

/** Throws UserError for what no mail can be sent to. */
export function requireMailAddress(text: string): void {
  if (address.test(text)) return;
  throw new UserError(`${quoted(text)} is no mail address`, { hints: ['write for instance ops@example.org'] });
}

/** An address, or a name with an address in angle brackets. Throws UserError for another text. */
export function requireSender(text: string): void {
  requireMailAddress(withName.exec(text)?.[1] ?? text);
}

import { UserError } from '../errors/user-error.ts';
import { quoted } from '../text/quoted.ts';
import { parseAddress } from './address.ts';

/**
 * The address of `mailto:ops@example.org` (RFC 6068 without its fields, which would let a link decide what is sent).
 * Throws UserError (code usage).
 */
export function parseMailto(text: string): string {
  const rest = /^mailto:(.*)$/is.exec(text)?.[1];
  if (rest === undefined) {
    throw new UserError(`${quoted(text)} is not of the form mailto:ops@example.org`, { code: 'usage' });
  }
  if (rest.includes('?') || rest.includes(',')) {
    throw new UserError(`${quoted(text)}: a mailto: here is one address and nothing else`, {
      code: 'usage',
      hints: ['give one mailto: for each address'],
    });
  }
  let address: string;
  try {
    address = decodeURIComponent(rest);
  } catch {
    throw new UserError(`${quoted(text)} has a '%' that is not followed by two hexadecimal digits`, { code: 'usage' });
  }
  return parseAddress(address).address;
}

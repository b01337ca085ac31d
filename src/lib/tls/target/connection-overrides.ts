import { addressFamily } from '../../net/address-family.ts';
import { UserError } from '../../errors/user-error.ts';
import { parseHost } from './parse-host.ts';

/** An IP address as node:net takes it, also out of the brackets of a URL. Throws UserError for everything else. */
export function parseAddress(text: string): string {
  const address = text.replace(/^\[(.*)\]$/, '$1');
  if (addressFamily(address) !== 0) return address;
  throw new UserError(`'${text}' is not an IP address`, {
    code: 'usage',
    hints: [
      'write an address such as 192.0.2.1 or 2001:db8::1; a name is a target, and --servername what it is asked for',
    ],
  });
}

/**
 * The name to ask a server for (SNI, RFC 6066, which has no addresses), in ASCII and lower case. Throws UserError for
 * what is no name.
 */
export function parseServerName(text: string): string {
  const host = parseHost(text);
  if ('name' in host && host.family === 0) return host.name;
  const reason = 'name' in host ? 'it is an address, and TLS asks for names only' : host.reason;
  throw new UserError(`'${text}' is not a host name: ${reason}`, {
    code: 'usage',
    hints: ['write the name that is in the certificate, such as www.example.com'],
  });
}

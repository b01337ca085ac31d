import { domainToASCII } from 'node:url';
import { UserError } from '../errors/user-error.ts';
import { quoted } from '../text/quoted.ts';

/** Somebody who writes or gets mail. */
export interface MailAddress {
  /** What a reader shows; may have letters of every script. */
  name?: string;
  /** `local@domain` in ASCII; the domain in lower case and in punycode. */
  address: string;
}

/** Lengths of RFC 5321 4.5.3.1; a domain is 253 with its dots (RFC 1035). */
const longestLocal = 64;
const longestDomain = 253;
const longestName = 256;

// Control characters, the separators that some programs take for a line end, and halves of a character.
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/** dot-atom of RFC 5322 3.2.3. A quoted local part is nobody's address and many an attack. */
const dotAtom = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * `ops@example.org`, `Name <ops@example.org>` or `"Name, of many" <ops@example.org>`: one address and nothing else.
 * Throws UserError (code usage) for anything that a mail server could read in another way than we do.
 */
export function parseAddress(text: string): MailAddress {
  if (text.length > 1_000 || forbidden.test(text)) {
    throw mistake(text, 'holds a character that no address can have, or is far too long');
  }
  const trimmed = text.trim();
  if (!trimmed.endsWith('>')) return { address: plainAddress(trimmed, text) };
  const start = trimmed.lastIndexOf('<');
  if (start < 0) throw mistake(text, "has a '>' without its '<'");
  const address = plainAddress(trimmed.slice(start + 1, -1), text);
  const name = displayName(trimmed.slice(0, start).trim(), text);
  return name === '' ? { address } : { name, address };
}

function displayName(written: string, text: string): string {
  let name = written;
  if (/^".*"$/.test(written) && written.length > 1) {
    const inner = written.slice(1, -1);
    if (/(?:^|[^\\])(?:\\\\)*"|(?:^|[^\\])(?:\\\\)*\\$/.test(inner)) throw mistake(text, 'has a quote within its name');
    name = inner.replaceAll(/\\(.)/g, '$1');
  } else if (/[<>"@,;]/.test(written)) {
    throw mistake(text, `has '<', '>', '"', '@', ',' or ';' in its name, which needs quotes there`);
  }
  if (name.length > longestName) throw mistake(text, `has a name of more than ${longestName} characters`);
  return name;
}

function plainAddress(written: string, text: string): string {
  const at = written.lastIndexOf('@');
  if (at < 0) throw mistake(text, "has no '@'");
  const local = written.slice(0, at);
  if (local.length > longestLocal) throw mistake(text, `has more than ${longestLocal} characters before its '@'`);
  // A leading hyphen would be an option to a sendmail that does not know `--`.
  if (!dotAtom.test(local) || local.startsWith('-')) {
    throw mistake(text, "has something other than letters, digits, dots and !#$%&'*+/=?^_`{|}~- before its '@'");
  }
  return `${local}@${asciiDomain(written.slice(at + 1), text)}`;
}

function asciiDomain(written: string, text: string): string {
  // domainToASCII follows the URL Standard, where `%`, `/` and the like end a host or are decoded.
  const domain = /[\s%/\\:?#[\]@<>^|]/.test(written) ? '' : domainToASCII(written);
  if (domain === '' || domain.length > longestDomain || !domain.split('.').every((part) => label.test(part))) {
    throw mistake(text, "has no domain after its '@'");
  }
  return domain;
}

function mistake(text: string, what: string): UserError {
  return new UserError(`${quoted(text)} is no mail address: it ${what}`, {
    code: 'usage',
    hints: ['write ops@example.org or Name <ops@example.org>'],
  });
}

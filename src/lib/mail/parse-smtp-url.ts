import { isAbsolute } from 'node:path';
import { domainToASCII } from 'node:url';
import { nearest } from '../errors/nearest.ts';
import { UserError } from '../errors/user-error.ts';
import type { SmtpSettings } from '../notify/settings.ts';
import { quoted } from '../text/quoted.ts';
import { isLoopback } from './loopback.ts';

type Starttls = SmtpSettings<string>['starttls'];

const starttlsWords: readonly Starttls[] = ['required', 'optional', 'never'];

/**
 * `smtp[s]://[user:password@]host[:port][?starttls=required|optional|never][&ca=/PEM/FILE]`, user and password
 * percent-encoded. The port is 587, with smtps 465.
 *
 * STARTTLS is required unless the URL says otherwise. Only at port 25 of this very machine it is optional: there a mail
 * server mostly has no certificate that anybody could check, and nobody listens in between.
 *
 * Throws UserError (code config) in whose words nothing of the URL stands that could be the password.
 */
export function parseSmtpUrl(text: string): SmtpSettings<string> {
  if (text.length > 4_096 || /[\s\p{Cc}]/u.test(text)) throw mistake('has a space or a line end in it, or is too long');
  const parts = /^(smtps?):\/\/(?:([^/?#]*)@)?(\[[^\]@]*\]|[^@:/?#[\]]*)(?::(\d*))?\/?(?:\?([^#]*))?$/i.exec(text);
  if (parts === null) {
    const scheme = /^[a-z][a-z0-9+.-]*(?=:\/\/)/i.exec(text)?.[0].toLowerCase();
    if (scheme !== undefined && scheme !== 'smtp' && scheme !== 'smtps')
      throw mistake('begins with neither smtp:// nor smtps://');
    throw mistake('cannot be read');
  }
  const tls = parts[1]!.toLowerCase() === 'smtps';
  const host = readHost(parts[3]!);
  const port = parts[4] === undefined || parts[4] === '' ? (tls ? 465 : 587) : Number(parts[4]);
  if (port < 1 || port > 65_535) throw mistake('has a port that is not between 1 and 65535');
  const { starttls, ca } = readQuery(parts[5] ?? '');
  if (tls && starttls !== undefined) throw mistake('has starttls, but smtps:// is TLS from the first byte');
  return {
    host,
    port,
    tls,
    starttls: starttls ?? (isLoopback(host) && port === 25 ? 'optional' : 'required'),
    ...readCredentials(parts[2]),
    ...(ca === undefined ? {} : { ca }),
  };
}

function readHost(written: string): string {
  if (written.startsWith('[')) {
    // The URL class knows what an IPv6 address is.
    const url = URL.parse(`http://${written}/`);
    if (url === null) throw mistake('has something else than an IPv6 address in its brackets');
    return url.hostname.slice(1, -1);
  }
  const host = written.includes('%') ? '' : domainToASCII(written);
  if (host === '') throw mistake('names no host');
  return host;
}

function readCredentials(written: string | undefined): { user?: string; password?: string } {
  if (written === undefined) return {};
  const colon = written.indexOf(':');
  const user = decode(colon < 0 ? written : written.slice(0, colon), 'user name');
  const password = colon < 0 ? '' : decode(written.slice(colon + 1), 'password');
  if (user === '') throw mistake("has no user name before its '@'");
  if (password === '') throw mistake('has a user name without a password (smtp://user:password@host)');
  return { user, password };
}

function readQuery(written: string): { starttls?: Starttls; ca?: string } {
  const settings: { starttls?: Starttls; ca?: string } = {};
  for (const part of written.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? '' : decode(part.slice(equals + 1), `value of ${key === 'ca' ? 'ca' : 'starttls'}`);
    if (key === 'starttls') {
      const word = starttlsWords.find((known) => known === value);
      if (word === undefined) throw mistake(`has a starttls other than ${starttlsWords.join(', ')}`);
      settings.starttls = word;
    } else if (key === 'ca') {
      if (!isAbsolute(value)) throw mistake('has a ca that is not an absolute path');
      settings.ca = value;
    } else {
      // A password with a bare '?' ends up here.
      const meant = nearest(key, ['starttls', 'ca']);
      throw mistake(
        meant === undefined
          ? 'has something else than starttls and ca behind its ?'
          : `has an unknown key behind its ?: did you mean ${quoted(meant)}`,
      );
    }
  }
  return settings;
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw mistake(`has a % in its ${what} that is not followed by two hexadecimal digits`);
  }
}

function mistake(what: string): UserError {
  return new UserError(`DEVOPS_SMTP_URL ${what}`, {
    code: 'config',
    hints: [
      'write smtp://user:password@mail.example.org:587, with the characters @ : / ? # % of the password as %40 %3A %2F %3F %23 %25',
    ],
  });
}

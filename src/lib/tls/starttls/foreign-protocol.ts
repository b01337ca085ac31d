import { isIPv6 } from 'node:net';
import { ProbeFailure } from '../probe-failure.ts';
import type { Protocol } from '../protocol.ts';
import { quote } from './quote.ts';

/** The protocols that begin in plain text. */
export type PlainProtocol = Exclude<Protocol, 'tls'>;

/** The name of each for people, and the URL scheme of the same service with TLS from the first byte. */
const services: Readonly<Record<PlainProtocol, { name: string; tlsScheme: string }>> = {
  smtp: { name: 'SMTP', tlsScheme: 'smtps' },
  imap: { name: 'IMAP', tlsScheme: 'imaps' },
  pop3: { name: 'POP3', tlsScheme: 'pop3s' },
  ftp: { name: 'FTP', tlsScheme: 'ftps' },
  ldap: { name: 'LDAP', tlsScheme: 'ldaps' },
  postgres: { name: 'PostgreSQL', tlsScheme: 'tls' },
  mysql: { name: 'MySQL', tlsScheme: 'tls' },
};

/** Whom we talk to, for hints that can be typed. */
export interface Peer {
  protocol: PlainProtocol;
  serverName: string;
  port: number | undefined;
}

/** The failure of a server that answered in another protocol than it was asked in. */
export function foreignProtocol(bytes: Buffer, peer: Peer): ProbeFailure {
  const expected = services[peer.protocol].name;
  const name = recogniseProtocol(bytes);
  if (name === undefined || name === expected) {
    return new ProbeFailure(
      'not-tls',
      `the server does not speak ${expected} as it should, it says ${quote(firstLine(bytes))}`,
    );
  }
  const message = `the server speaks what looks like ${name}, not ${expected}`;
  return new ProbeFailure('not-tls', message, name === 'TLS' ? { hint: tlsAtOnceHint(peer) } : {});
}

/**
 * What to type for a server that speaks TLS from the first byte. Such a server says nothing to a client that waits for
 * a greeting, so this is also the hint for an SMTP, IMAP, POP3, FTP or MySQL server that stays silent.
 */
export function tlsAtOnceHint({ protocol, serverName, port }: Peer): string {
  const host = isIPv6(serverName) ? `[${serverName}]` : serverName;
  const authority = port === undefined ? host : `${host}:${port}`;
  return `A server that speaks TLS at once is asked with ${services[protocol].tlsScheme}://${authority}`;
}

/** Name of the protocol that an answer looks like. */
export function recogniseProtocol(bytes: Buffer): string | undefined {
  // RFC 8446 5.1: change_cipher_spec to application_data, then a version 3.x.
  if (bytes.length >= 2 && bytes[0]! >= 0x14 && bytes[0]! <= 0x17 && bytes[1] === 3) return 'TLS';
  // A first packet of MySQL: number 0, then protocol version 10 or the mark of an error.
  if (bytes.length >= 5 && bytes[3] === 0 && (bytes[4] === 0x0a || bytes[4] === 0xff)) return 'MySQL';
  const text = firstLine(bytes);
  return textMarks.find(([, mark]) => mark.test(text))?.[0];
}

const textMarks: readonly (readonly [string, RegExp])[] = [
  ['HTTP', /^HTTP\/\d|^<!doctype html|^<html/i],
  ['SSH', /^SSH-\d/],
  ['VNC', /^RFB \d{3}\./],
  ['XMPP', /^<\?xml|^<stream:/],
  ['Redis', /^-ERR unknown command|^-DENIED Redis|^-NOAUTH/],
  ['IMAP', /^\* (?:OK|PREAUTH|BYE)\b/i],
  ['POP3', /^(?:\+OK|-ERR)\b/i],
  ['SMTP', /^220[ -].*SMTP/i],
  ['FTP', /^220[ -].*FTP/i],
  ['SMTP or FTP', /^220[ -]/],
];

function firstLine(bytes: Buffer): string {
  const text = bytes.toString('utf8', 0, 1024);
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

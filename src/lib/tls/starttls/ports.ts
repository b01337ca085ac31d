import type { Protocol } from '../protocol.ts';

/** What a URL's scheme says about a server. */
export interface SchemeDefault {
  protocol: Protocol;
  /** Where it listens unless the URL says otherwise. */
  port: number;
}

/**
 * URL schemes of servers that have a certificate, in lower case and without the colon. A scheme whose port is plain text
 * at first (`smtp`, `ldap`, ...) means that protocol's way to TLS. Ports are those of IANA's register of services;
 * `tls` and `ssl` name no service and mean that of the web.
 *
 * The table inherits nothing, so that `constructor://host` is not a scheme.
 */
export const schemeDefaults: Readonly<Record<string, SchemeDefault>> = Object.assign(
  Object.create(null) as Record<string, SchemeDefault>,
  {
    https: { protocol: 'tls', port: 443 },
    wss: { protocol: 'tls', port: 443 },
    davs: { protocol: 'tls', port: 443 },
    grpcs: { protocol: 'tls', port: 443 },
    tls: { protocol: 'tls', port: 443 },
    ssl: { protocol: 'tls', port: 443 },
    smtp: { protocol: 'smtp', port: 25 },
    submission: { protocol: 'smtp', port: 587 },
    smtps: { protocol: 'tls', port: 465 },
    submissions: { protocol: 'tls', port: 465 },
    imap: { protocol: 'imap', port: 143 },
    imaps: { protocol: 'tls', port: 993 },
    pop3: { protocol: 'pop3', port: 110 },
    pop3s: { protocol: 'tls', port: 995 },
    ftp: { protocol: 'ftp', port: 21 },
    ftps: { protocol: 'tls', port: 990 },
    ldap: { protocol: 'ldap', port: 389 },
    ldaps: { protocol: 'tls', port: 636 },
    postgres: { protocol: 'postgres', port: 5432 },
    postgresql: { protocol: 'postgres', port: 5432 },
    mysql: { protocol: 'mysql', port: 3306 },
    mariadb: { protocol: 'mysql', port: 3306 },
    mqtts: { protocol: 'tls', port: 8883 },
    amqps: { protocol: 'tls', port: 5671 },
    rediss: { protocol: 'tls', port: 6379 },
    ircs: { protocol: 'tls', port: 6697 },
    nntps: { protocol: 'tls', port: 563 },
    sips: { protocol: 'tls', port: 5061 },
    turns: { protocol: 'tls', port: 5349 },
  } satisfies Record<string, SchemeDefault>,
);

const protocolsOfPorts: ReadonlyMap<number, Protocol> = new Map([
  [21, 'ftp'],
  [25, 'smtp'],
  [110, 'pop3'],
  [143, 'imap'],
  [389, 'ldap'],
  [587, 'smtp'],
  [3306, 'mysql'],
  [5432, 'postgres'],
]);

/** What is most likely spoken on a port when nothing else says so: `tls` on all that do not begin in plain text. */
export function protocolOfPort(port: number): Protocol {
  return protocolsOfPorts.get(port) ?? 'tls';
}

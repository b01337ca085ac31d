import type { PlainProtocol } from '../../../src/lib/tls/starttls/foreign-protocol.ts';
import { hears, says, type Turn } from './dialogue.ts';

/** LDAPMessage { 1, ExtendedRequest { 1.3.6.1.4.1.1466.20037 } }, made by hand from RFC 4511. */
export const ldapRequest = Buffer.concat([
  Buffer.from('301d02010177188016', 'hex'),
  Buffer.from('1.3.6.1.4.1.1466.20037'),
]);

/** LDAPMessage { 1, ExtendedResponse { code, '', text } }. */
export function ldapResponse(code: number, text = ''): Buffer {
  const result = Buffer.concat([Buffer.of(0x0a, 1, code, 4, 0, 4, text.length), Buffer.from(text)]);
  return Buffer.concat([Buffer.of(0x30, result.length + 5, 2, 1, 1, 0x78, result.length), result]);
}

export const postgresRequest = Buffer.of(0, 0, 0, 8, 4, 210, 22, 47);

export function mysqlPacket(number: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.of(payload.length & 255, payload.length >> 8, 0, number), payload]);
}

/** Version 10, server version, thread 1, scramble, capabilities (CLIENT_SSL is 0x0800), then the rest of a greeting. */
export function mysqlHandshake(capabilities: number, version = '8.4.0'): Buffer {
  const start = Buffer.from(`\n${version}\0\x01\0\0\0abcdefgh\0`, 'latin1');
  const middle = Buffer.of(capabilities & 255, capabilities >> 8, 45, 2, 0, 255, 223, 21);
  return mysqlPacket(0, Buffer.concat([start, middle, Buffer.alloc(10), Buffer.from('ijklmnopqrst\0')]));
}

/** CLIENT_LONG_PASSWORD, PROTOCOL_41, SSL, SECURE_CONNECTION and PLUGIN_AUTH; 16 MiB; utf8mb4; 23 zeros. */
export const mysqlRequest = mysqlPacket(
  1,
  Buffer.concat([Buffer.of(0x01, 0x8a, 0x08, 0, 255, 255, 255, 0, 45), Buffer.alloc(23)]),
);

/** A server of each protocol that starts TLS. */
export const acceptingParts: Readonly<Record<PlainProtocol, readonly Turn[]>> = {
  smtp: [
    says('220-mx.example.com ESMTP\r\n220-be nice\r\n220 and patient\r\n'),
    hears('EHLO client.example\r\n'),
    says('250-mx.example.com\r\n250-SIZE 1000\r\n250-STARTTLS\r\n250 HELP\r\n'),
    hears('STARTTLS\r\n'),
    says('220 2.0.0 Ready to start TLS\r\n'),
  ],
  imap: [
    says('* OK IMAP4rev1 ready\r\n'),
    hears('a CAPABILITY\r\n'),
    says('* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\na OK done\r\n'),
    hears('b STARTTLS\r\n'),
    says('* some untagged line\r\nb OK begin TLS\r\n'),
  ],
  pop3: [says('+OK ready <1.2@example.com>\r\n'), hears('STLS\r\n'), says('+OK begin TLS\r\n')],
  ftp: [
    says('220-Welcome\r\n500 users are online\r\n 220 is a number\r\n220 FTP ready\r\n'),
    hears('AUTH TLS\r\n'),
    says('234 AUTH TLS ok\r\n'),
  ],
  ldap: [hears(ldapRequest), says(ldapResponse(0))],
  postgres: [hears(postgresRequest), says('S')],
  mysql: [says(mysqlHandshake(0x8a00)), hears(mysqlRequest)],
};

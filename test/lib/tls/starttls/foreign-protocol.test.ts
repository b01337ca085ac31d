import { afterEach, describe, expect, test } from 'vitest';
import type { ProbeFailure } from '../../../../src/lib/tls/probe-failure.ts';
import type { PlainProtocol } from '../../../../src/lib/tls/starttls/foreign-protocol.ts';
import {
  hears,
  says,
  startDialogueServer,
  type DialogueServer,
  type Turn,
} from '../../../support/starttls/dialogue.ts';
import { outcome } from '../../../support/starttls/outcome.ts';
import { ldapRequest, mysqlHandshake, mysqlPacket, postgresRequest } from '../../../support/starttls/parts.ts';

let server: DialogueServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe('another protocol is told by its looks', () => {
  const alert = Buffer.of(0x15, 3, 1, 0, 2, 2, 10);
  const http = says('HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n');
  test.each<[string, PlainProtocol, Turn[]]>([
    ['HTTP, not SMTP', 'smtp', [http]],
    ['HTTP, not PostgreSQL', 'postgres', [hears(postgresRequest), http]],
    ['HTTP, not LDAP', 'ldap', [hears(ldapRequest), http]],
    ['SSH, not SMTP', 'smtp', [says('SSH-2.0-OpenSSH_10.0\r\n')]],
    ['SSH, not PostgreSQL', 'postgres', [says('SSH-2.0-OpenSSH_10.0\r\n'), hears(postgresRequest)]],
    ['SSH, not MySQL', 'mysql', [says('SSH-2.0-OpenSSH_10.0\r\n')]],
    ['TLS, not IMAP', 'imap', [says(alert)]],
    ['TLS, not LDAP', 'ldap', [hears(ldapRequest), says(alert)]],
    ['SMTP, not IMAP', 'imap', [says('220 mx ESMTP\r\n')]],
    ['SMTP, not FTP', 'ftp', [says('220 mx ESMTP\r\n')]],
    ['FTP, not SMTP', 'smtp', [says('220 (vsFTPd 3.0.5)\r\n'), hears('EHLO client.example\r\n'), says('530 no\r\n')]],
    ['SMTP or FTP, not POP3', 'pop3', [says('220 hello\r\n')]],
    ['IMAP, not POP3', 'pop3', [says('* OK hi\r\n')]],
    ['POP3, not IMAP', 'imap', [says('+OK hi\r\n')]],
    ['MySQL, not SMTP', 'smtp', [says(mysqlHandshake(0x8a00))]],
    ['VNC, not SMTP', 'smtp', [says('RFB 003.008\n')]],
  ])('%s', async (looks, protocol, turns) => {
    server = await startDialogueServer(turns);
    expect(await outcome(protocol, server.port)).toMatchObject({
      code: 'not-tls',
      message: `the server speaks what looks like ${looks}`,
    });
  });

  test('one that speaks TLS at once comes with the URL to ask for', async () => {
    server = await startDialogueServer([says(alert)]);
    const { hint } = (await outcome('smtp', server.port, { serverName: '2001:db8::1' })) as ProbeFailure;
    expect(hint).toBe(`A server that speaks TLS at once is asked with smtps://[2001:db8::1]:${server.port}`);
  });

  test.each<[PlainProtocol, string | Buffer]>([
    ['smtp', 'hello there\r\n'],
    ['smtp', '22x\r\n'],
    ['mysql', mysqlPacket(0, Buffer.from('\n8.4.0', 'latin1'))],
    ['mysql', mysqlPacket(0, Buffer.from('\n8.4.0\0abc', 'latin1'))],
    ['ldap', Buffer.from('3003020101000000', 'hex')],
    ['ldap', Buffer.from('308002010178070a010004000400', 'hex')],
    ['ldap', Buffer.from('3084ffffffff0201', 'hex')],
    ['ldap', Buffer.from('300c02010178070a0100047f0400', 'hex')],
    ['ldap', Buffer.from('300c02010178070a01000400047f', 'hex')],
    ['ldap', Buffer.from('300d02010178080a02000004000400', 'hex')],
    ['postgres', Buffer.of(69, 0, 255, 255, 255, 255)],
    ['postgres', Buffer.of(69, 0, 0, 0, 0, 0)],
    ['postgres', 'Hello there\n'],
  ])('%s: what is like nothing is quoted (%j)', async (protocol, bytes) => {
    server = await startDialogueServer((socket) => void socket.write(bytes));
    const failure = await outcome(protocol, server.port);
    expect(failure).toMatchObject({ code: 'not-tls', message: expect.stringContaining('as it should, it says "') });
  });
});

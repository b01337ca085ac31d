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
import {
  ldapRequest,
  ldapResponse,
  mysqlHandshake,
  mysqlPacket,
  postgresRequest,
} from '../../../support/starttls/parts.ts';

let server: DialogueServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const ehlo = [says('220 mx\r\n'), hears('EHLO client.example\r\n')];
const starttls = [...ehlo, says('250-mx\r\n250 STARTTLS\r\n'), hears('STARTTLS\r\n')];

describe('a server that says no is quoted', () => {
  test.each<[PlainProtocol, string, Turn[]]>([
    ['smtp', 'the server refused the connection: "554 5.7.1 go away"', [says('554 5.7.1 go away\r\n')]],
    ['smtp', 'the server refused the connection: "521 blocked"', [says('220-mx\r\n521 blocked\r\n')]],
    ['smtp', 'the server refused EHLO: "500 what?"', [...ehlo, says('500 what?\r\n')]],
    ['smtp', 'the server refused STARTTLS: "454 TLS not available"', [...starttls, says('454 TLS not available\r\n')]],
    [
      'smtp',
      'the server does not offer STARTTLS: "502 no"',
      [...ehlo, says('250-mx\r\n250 SIZE\r\n'), hears('STARTTLS\r\n'), says('502 no\r\n')],
    ],
    [
      'smtp',
      String.raw`the server refused STARTTLS: "454 \x1b[31mred\u202e"`,
      [...starttls, says('454 \u001B[31mred\u202E\r\n')],
    ],
    ['imap', 'the server refused the connection: "* BYE overloaded"', [says('* BYE overloaded\r\n')]],
    ['imap', 'the server refused STARTTLS, for nobody has to log in: "* PREAUTH hello"', [says('* PREAUTH hello\r\n')]],
    [
      'imap',
      'the server does not offer STARTTLS: "b BAD unknown"',
      [says('* OK [CAPABILITY IMAP4rev1] hi\r\n'), hears('b STARTTLS\r\n'), says('b BAD unknown\r\n')],
    ],
    [
      'imap',
      'the server refused the connection: "* BYE too slow"',
      [says('* OK\r\n'), hears('a CAPABILITY\r\n'), says('* BYE too slow\r\n')],
    ],
    ['pop3', 'the server refused the connection: "-ERR busy"', [says('-ERR busy\r\n')]],
    ['pop3', 'the server refused STLS: "-ERR no"', [says('+OK\r\n'), hears('STLS\r\n'), says('-ERR no\r\n')]],
    ['ftp', 'the server refused the connection: "421 full"', [says('421 full\r\n')]],
    ['ftp', 'the server refused AUTH TLS: "530 no"', [says('220 FTP\r\n'), hears('AUTH TLS\r\n'), says('530 no\r\n')]],
    [
      'ldap',
      'the server refused StartTLS: "protocolError (2) unsupported"',
      [hears(ldapRequest), says(ldapResponse(2, 'unsupported'))],
    ],
    ['ldap', 'the server refused StartTLS: "result (99)"', [hears(ldapRequest), says(ldapResponse(99))]],
    ['postgres', 'the server does not offer TLS, it answered "N" to SSLRequest', [hears(postgresRequest), says('N')]],
    [
      'postgres',
      'the server refused the connection: "FATAL 53300 too many clients"',
      [hears(postgresRequest), says(Buffer.from('E\0\0\0\x2cSFATAL\0VFATAL\0C53300\0Mtoo many clients\0\0', 'latin1'))],
    ],
    [
      'postgres',
      'the server refused the connection: "could not fork"',
      [hears(postgresRequest), says('Ecould not fork\n\0')],
    ],
    [
      'mysql',
      'the server does not offer TLS, its version is "5.5.5-10.11.19-MariaDB"',
      [says(mysqlHandshake(0x8200, '5.5.5-10.11.19-MariaDB'))],
    ],
    [
      'mysql',
      'the server refused the connection: "1040 Too many connections"',
      [says(mysqlPacket(0, Buffer.from('\xFF\x10\x04#08004Too many connections', 'latin1')))],
    ],
    [
      'mysql',
      `the server refused the connection: "1129 Host 'x' is blocked"`,
      [says(mysqlPacket(0, Buffer.from(`\xFF\x69\x04Host 'x' is blocked`, 'latin1')))],
    ],
  ])('%s: %s', async (protocol, message, turns) => {
    server = await startDialogueServer(turns, 'close');
    expect(await outcome(protocol, server.port)).toMatchObject({ code: 'starttls-not-offered', message });
  });

  test('and a long answer is cut', async () => {
    server = await startDialogueServer([says(`554 ${'é'.repeat(4000)}\r\n`)]);
    const { message } = (await outcome('smtp', server.port)) as ProbeFailure;
    expect(message).toBe(`the server refused the connection: "554 ${'é'.repeat(115)}…"`);
  });

  test('one that hangs up on a command that it did not list is told what it lists', async () => {
    const turns = [...ehlo, says('250-mx\r\n250-SIZE 10\r\n250 HELP\r\n'), hears('STARTTLS\r\n')];
    server = await startDialogueServer(turns, 'close');
    expect(await outcome('smtp', server.port)).toMatchObject({
      code: 'starttls-not-offered',
      message: 'the server does not offer STARTTLS, only "SIZE 10, HELP"',
    });
  });
});

test('a client name that is no name is not said', async () => {
  server = await startDialogueServer([says('220 mx\r\n'), hears('EHLO localhost\r\n'), says('500\r\n')]);
  expect(await outcome('smtp', server.port, { clientName: 'a\r\nMAIL FROM:<>' })).toMatchObject({
    code: 'starttls-not-offered',
  });
});

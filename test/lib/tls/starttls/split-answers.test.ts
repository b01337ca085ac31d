import type { Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { PlainProtocol } from '../../../../src/lib/tls/starttls/foreign-protocol.ts';
import { negotiateTls } from '../../../../src/lib/tls/starttls/negotiate-tls.ts';
import { hears, play, says, type Turn } from '../../../support/starttls/dialogue.ts';
import {
  acceptingParts,
  ldapRequest,
  ldapResponse,
  mysqlHandshake,
  mysqlPacket,
  postgresRequest,
} from '../../../support/starttls/parts.ts';

// How TCP cuts a server's answers into pieces means nothing. A pair of streams keeps the pieces as they are sent.

const parts: [string, PlainProtocol, readonly Turn[]][] = [
  ...Object.entries(acceptingParts).map(([protocol, turns]): [string, PlainProtocol, readonly Turn[]] => [
    'accepted',
    protocol as PlainProtocol,
    turns,
  ]),
  ['refused', 'smtp', [says('220-mx\r\n521 5.3.2 blocked\r\n')]],
  ['refused', 'imap', [says('* BYE overloaded\r\n')]],
  ['refused', 'pop3', [says('+OK\r\n'), hears('STLS\r\n'), says('-ERR no\r\n')]],
  ['refused', 'ftp', [says('220 FTP\r\n'), hears('AUTH TLS\r\n'), says('530-no\r\n530 no\r\n')]],
  ['refused', 'ldap', [hears(ldapRequest), says(ldapResponse(2, 'unsupported'))]],
  ['refused', 'postgres', [hears(postgresRequest), says(Buffer.from('E\0\0\0\x0fC53300\0Mno\0', 'latin1'))]],
  ['refused', 'mysql', [says(mysqlPacket(0, Buffer.from('\xFF\x10\x04#08004Too many', 'latin1')))]],
  ['without TLS', 'mysql', [says(mysqlHandshake(0x8200))]],
  ['HTTP', 'smtp', [says('HTTP/1.1 400 Bad Request\r\n')]],
  ['SSH', 'mysql', [says('SSH-2.0-x\r\n')]],
  ['TLS', 'pop3', [says(Buffer.of(0x15, 3, 1, 0, 2, 2, 10))]],
  ['TLS', 'ldap', [hears(ldapRequest), says(Buffer.of(0x15, 3, 1, 0, 2, 2, 10))]],
  ['text of another kind', 'imap', [says('hello there, this is something else\r\n')]],
];

describe.each(parts)('%s by %s', (_, protocol, turns) => {
  test('is the same byte by byte and cut at every place', async () => {
    const whole = await outcome(protocol, turns, (bytes) => [bytes]);
    const single = await outcome(protocol, turns, (bytes) => Array.from(bytes, (byte) => Buffer.of(byte)));
    expect(single).toEqual(whole);
    const cuts = turns.flatMap((turn, index) =>
      'says' in turn
        ? Array.from({ length: Buffer.from(turn.says).length - 1 }, (__, at) => ({ index, at: at + 1 }))
        : [],
    );
    const outcomes = await Promise.all(
      cuts.map(({ index, at }) =>
        outcome(protocol, turns, (bytes, turn) =>
          turn === index ? [bytes.subarray(0, at), bytes.subarray(at)] : [bytes],
        ),
      ),
    );
    expect(outcomes).toEqual(outcomes.map(() => whole));
  });
});

/** 'ready', or how it failed; and whether the client said what it should. */
async function outcome(
  protocol: PlainProtocol,
  turns: readonly Turn[],
  cut: (bytes: Buffer, turn: number) => Buffer[],
): Promise<object> {
  const [client, server] = duplexPair();
  const served = play(server, turns, cut).then(
    () => 'as expected',
    (error: unknown) => String(error),
  );
  const options = { clientName: 'client.example', serverName: 'localhost', signal: AbortSignal.timeout(5000) };
  const result = await negotiateTls(client as unknown as Socket, protocol, options).then(
    () => 'ready',
    (error: { code: unknown; message: string }) => [error.code, error.message],
  );
  const left = client.readableLength;
  client.destroy();
  return { result, left, served: await served };
}

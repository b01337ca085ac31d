import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { PlainProtocol } from '../../../../src/lib/tls/starttls/foreign-protocol.ts';
import { negotiateTls } from '../../../../src/lib/tls/starttls/negotiate-tls.ts';
import { says, startDialogueServer, type DialogueServer } from '../../../support/starttls/dialogue.ts';
import { connected, listenersOf, outcome } from '../../../support/starttls/outcome.ts';
import { acceptingParts } from '../../../support/starttls/parts.ts';

const protocols = Object.keys(acceptingParts) as PlainProtocol[];
let server: DialogueServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

test.each(protocols)('%s: plain text behind the answer that starts TLS is a failure', async (protocol) => {
  const turns = [...acceptingParts[protocol]];
  const last = turns.findLastIndex((turn) => 'says' in turn);
  const { says: answer } = turns[last] as { says: string | Buffer };
  turns[last] = says(Buffer.concat([Buffer.from(answer), Buffer.from('250 injected\r\n')]));
  server = await startDialogueServer(turns);
  expect(await outcome(protocol, server.port)).toMatchObject({
    code: 'not-tls',
    message: 'the server sent plain text behind its answer to STARTTLS',
  });
});

describe.each(protocols)('%s: a connection that is lost', (protocol) => {
  const part = acceptingParts[protocol];
  const steps = [...part.keys()].filter((step) => part.slice(step).some((turn) => 'says' in turn));
  test.each(steps.flatMap((step) => [[step, 'close'] as const, [step, 'reset'] as const]))(
    'after %i turns with a %s is told',
    async (step, end) => {
      server = await startDialogueServer(part.slice(0, step), end);
      expect(await outcome(protocol, server.port)).toMatchObject({
        code: 'reset',
        message: 'the connection was closed before TLS could start',
      });
    },
  );
});

test('a connection that is gone already is told', async () => {
  server = await startDialogueServer([]);
  expect(await outcome('smtp', server.port, { prepare: (socket) => void socket.destroy() })).toMatchObject({
    code: 'reset',
  });
});

describe('an abort', () => {
  test.each(
    protocols.flatMap((protocol) => [...acceptingParts[protocol].keys()].map((step) => [protocol, step] as const)),
  )(
    'of %s while the server is silent after %i turns rejects with the reason and leaves no listener',
    async (protocol, step) => {
      const turns = acceptingParts[protocol].slice(0, step);
      if (!acceptingParts[protocol].slice(step).some((turn) => 'says' in turn)) return;
      server = await startDialogueServer(async (socket) => {
        for (const turn of turns) if ('says' in turn) socket.write(turn.says);
        socket.resume();
      });
      const controller = new AbortController();
      const reason = new Error('the deadline of a test');
      const socket = await connected(server.port);
      const before = listenersOf(socket);
      const negotiation = negotiateTls(socket, protocol, {
        clientName: 'client.example',
        serverName: 'localhost',
        signal: controller.signal,
      });
      setTimeout(() => controller.abort(reason), 10);
      await expect(negotiation).rejects.toBe(reason);
      expect(listenersOf(socket)).toEqual(before);
    },
  );

  test('before the start rejects with the reason', async () => {
    server = await startDialogueServer([]);
    const reason = new Error('too late');
    expect(await outcome('smtp', server.port, { signal: AbortSignal.abort(reason) })).toBe(reason);
  });

  test('bounds a server that drips', async () => {
    server = await startDialogueServer((socket) => {
      const timer = setInterval(() => socket.write('220-'), 1);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await outcome('smtp', server.port, { signal: AbortSignal.timeout(50) })).toMatchObject({
      name: 'TimeoutError',
    });
  });
});

describe('a server that does not stop is left', () => {
  const flood = (bytes: string) => (socket: Socket) => {
    const pour = (): void => {
      while (!socket.destroyed && socket.write(bytes));
    };
    socket.on('drain', pour);
    pour();
  };
  test.each<[string, PlainProtocol, string]>([
    ['in a line without an end', 'smtp', `220 ${'x'.repeat(60_000)}`],
    ['in a reply without a last line', 'smtp', '220-still here\r\n'.repeat(99)],
    ['in a reply without a last line', 'ftp', '220-still here\r\n'.repeat(99)],
    ['in untagged lines', 'imap', '* OK still here\r\n'.repeat(99)],
    ['in empty lines', 'smtp', '220-\n'.repeat(999)],
    ['in an error without an end', 'postgres', `E${'x'.repeat(60_000)}`],
  ])('%s (%s)', async (_, protocol, bytes) => {
    server = await startDialogueServer(flood(bytes));
    expect(await outcome(protocol, server.port)).toMatchObject({
      code: 'not-tls',
      message: 'the server talks without an end instead of starting TLS',
    });
  });

  test('but a long greeting is not yet one', async () => {
    const greeting = Array.from({ length: 40 }, (_, line) => `220-${line}${'x'.repeat(1000)}\r\n`);
    const [, ...rest] = acceptingParts.smtp;
    server = await startDialogueServer([says(`${greeting.join('')}220 mx\r\n`), ...rest]);
    expect(await outcome('smtp', server.port)).toBe('ready');
  });
});

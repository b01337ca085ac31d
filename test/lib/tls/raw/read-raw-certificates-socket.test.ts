import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readRawCertificates } from '../../../../src/lib/tls/raw/read-raw-certificates.ts';
import { failureOf, probe, probeFailure, startPlainServer } from './raw-probe.ts';
import { certificateMessage, handshakeRecords, serverHelloMessage } from './server-bytes.ts';

const certificates = [Buffer.alloc(800, 1), Buffer.alloc(700, 2)];
const flight = handshakeRecords(Buffer.concat([serverHelloMessage(), certificateMessage(certificates)]));
const events = ['data', 'end', 'close', 'error', 'readable'];

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`read ${code}`), { code });
}

function listeners(socket: Socket): Record<string, number> {
  return Object.fromEntries(events.map((event) => [event, socket.listenerCount(event)]));
}

test('a server that sends byte by byte is read', async () => {
  await using server = await startPlainServer((socket) => {
    socket.setNoDelay(true);
    socket.once('data', () => {
      for (const byte of flight) socket.write(Buffer.from([byte]));
    });
  });
  expect((await probe(server.port)).certificates).toEqual(certificates);
});

test.each([
  ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'plain HTTP'],
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n', 'SSH'],
  ['SMTP', '220 mx.example.com ESMTP\r\n', 'SMTP'],
])('a server that speaks plain %s is not-tls', async (_, banner, language) => {
  await using server = await startPlainServer((socket) => socket.end(banner));
  const failure = await probeFailure(server.port);
  expect(failure.code).toBe('not-tls');
  expect(failure.message).toContain(`but ${language}: it answered '${banner.trim()}'`);
});

test('10 MB of garbage fail at once, and the rest is not read', async () => {
  await using server = await startPlainServer((socket) => socket.write(Buffer.alloc(10_000_000, 0xa5)));
  let socket: Socket | undefined;
  const outcome = await probe(server.port, {}, (its) => (socket = its)).catch((error: unknown) => error);
  expect(failureOf(outcome).message).toContain('the bytes a5 a5');
  expect(socket!.bytesRead).toBeLessThan(1_000_000);
});

test('wherever the server closes or resets, it is a reset; when the certificate has come, it is an answer', async () => {
  let length = 0;
  let end: 'end' | 'reset' = 'end';
  await using server = await startPlainServer((socket) => {
    socket.once('data', () => {
      socket.write(flight.subarray(0, length), () => {
        if (end === 'end') socket.end();
        else socket.resetAndDestroy();
      });
    });
  });
  for (end of ['end', 'reset'] as const) {
    for (length of [0, 1, 4, 5, 8, 9, 40, 85, 90, 900, flight.length - 1]) {
      const failure = await probeFailure(server.port);
      expect(failure.code).toBe('reset');
      expect(failure.message).toContain(end === 'end' ? 'closed' : 'reset');
    }
  }
  end = 'end';
  length = flight.length;
  expect((await probe(server.port)).certificates).toEqual(certificates);
});

test('a server that resets before it has read the ClientHello is a reset', async () => {
  const accepted: Socket[] = [];
  await using server = await startPlainServer((socket) => accepted.push(socket));
  const socket = await connected(server.port);
  await expect.poll(() => accepted.length).toBe(1);
  const answer = readRawCertificates(socket, { servername: undefined, signal: AbortSignal.timeout(5000) });
  accepted[0]!.resetAndDestroy();
  expect(failureOf(await answer.catch((error: unknown) => error))).toMatchObject({
    code: 'reset',
    message: 'the server reset the connection when TLS was offered to it',
  });
  socket.destroy();
});

test('a socket that is over already is a reset, not a wait', async () => {
  await using server = await startPlainServer((socket) => socket.end());
  const socket = await connected(server.port);
  socket.resume();
  await once(socket, 'close');
  const answer = readRawCertificates(socket, { servername: undefined, signal: AbortSignal.timeout(5000) });
  expect(failureOf(await answer.catch((error: unknown) => error)).code).toBe('reset');
});

test('a server that closes its half only, towards a socket that may stay half open, is a reset', async () => {
  await using server = await startPlainServer((socket) => socket.end());
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  const answer = readRawCertificates(socket, { servername: undefined, signal: AbortSignal.timeout(5000) });
  expect(failureOf(await answer.catch((error: unknown) => error))).toMatchObject({ code: 'reset' });
  socket.destroy();
});

test('a socket that breaks or is destroyed while it waits ends the wait', async () => {
  await using server = await startPlainServer(() => {});
  const breaks = [
    { error: undefined, code: 'reset', message: 'the server closed the connection when TLS was offered to it' },
    { error: systemError('ETIMEDOUT'), code: 'timeout', message: 'the connection broke: read ETIMEDOUT' },
    { error: systemError('ENETDOWN'), code: 'reset', message: 'the connection broke: read ENETDOWN' },
  ];
  for (const { error, code, message } of breaks) {
    const socket = await connected(server.port);
    const answer = readRawCertificates(socket, { servername: undefined, signal: AbortSignal.timeout(5000) });
    socket.destroy(error);
    const failure = failureOf(await answer.catch((reason: unknown) => reason));
    expect(failure).toMatchObject({ code, message });
    expect(failure.cause).toBe(error);
  }
});

test('the reason of an abort is what it fails with, before it starts and while it waits', async () => {
  await using server = await startPlainServer(() => {});
  const reason = new Error('the deadline');
  const socket = await connected(server.port);
  const before = listeners(socket);
  await expect(readRawCertificates(socket, { servername: undefined, signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
  const controller = new AbortController();
  const waiting = readRawCertificates(socket, { servername: undefined, signal: controller.signal });
  await delay(20);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  expect(listeners(socket)).toEqual(before);
  socket.destroy();
});

test('no listener is left on the socket or the signal, whatever the end', async () => {
  await using good = await startPlainServer((socket) => socket.once('data', () => socket.write(flight)));
  await using foreign = await startPlainServer((socket) => socket.write('nonsense\n'));
  const { signal } = new AbortController();
  let listening = 0;
  const counting = new Proxy(signal, {
    get(target, property) {
      if (property === 'addEventListener') listening += 1;
      if (property === 'removeEventListener') listening -= 1;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  for (const { port } of [good, foreign]) {
    const socket = await connected(port);
    const before = listeners(socket);
    await readRawCertificates(socket, { servername: undefined, signal: counting }).catch(failureOf);
    expect(listeners(socket)).toEqual(before);
    expect(listening).toBe(0);
    // Nobody listens any more: what comes now stays where it is.
    expect(socket.isPaused()).toBe(true);
    socket.destroy();
  }
});

test('a socket that was paused, with bytes waiting in it, is read', async () => {
  await using server = await startPlainServer((socket) => socket.write(flight));
  const socket = await connected(server.port);
  socket.pause();
  await delay(20);
  const answer = await readRawCertificates(socket, { servername: undefined, signal: AbortSignal.timeout(5000) });
  expect(answer.certificates).toEqual(certificates);
  socket.destroy();
});

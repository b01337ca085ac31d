import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startBlackholes } from '../../../support/net/blackhole.ts';
import { rawBehaviours, refusedPort } from '../../../support/tls/raw-server.ts';
import { behindFor, chain, failureAt, pipe, probe } from './probing.ts';
import { serve, serveRaw } from './served.ts';

describe('time', () => {
  test('a server that drops the SYN has not answered', async () => {
    const { endpoints, stop } = await startBlackholes(1);
    onTestFinished(stop);
    expect(await failureAt(endpoints[0]!.port, { timeoutSeconds: 0.3 })).toEqual({
      attempts: 1,
      code: 'timeout',
      message: 'no answer to the connection within 0.3s',
    });
  });

  test.each(['silent', 'slow drip'] as const)('a server that is %s makes no handshake', async (behaviour) => {
    const { port } = await serveRaw(rawBehaviours[behaviour]);
    expect(await failureAt(port, { timeoutSeconds: 0.4 })).toMatchObject({
      code: 'timeout',
      message: 'connected, but no TLS handshake within 0.4s',
    });
  });

  test('a mail server without a word is told of as that', async () => {
    const { port } = await serveRaw(rawBehaviours.silent);
    expect(await failureAt(port, { protocol: 'smtp', timeoutSeconds: 0.3 })).toEqual({
      attempts: 1,
      code: 'timeout',
      message: 'connected, but no word of smtp within 0.3s',
    });
  });

  test('a server that hangs on a hello of TLS 1.3 is asked in another way at half time', async () => {
    const { port } = await serve({ maxVersion: 'TLSv1.2' });
    const intolerant = await serveRaw((socket) => {
      socket.once('data', (hello: Buffer) => (offersTls13(hello) ? socket.resume() : pipe(socket, port, hello)));
    });
    const found = await probe(intolerant.port, { timeoutSeconds: 1 });
    expect(found).toMatchObject({
      attempts: 2,
      probe: {
        rung: 'raw',
        presented: chain,
        refusal: { code: 'timeout', message: 'it leaves a current TLS client without an answer' },
      },
    });
  });

  test('a handshake that comes to its end after half time still counts', async () => {
    const { port } = await serve();
    const slow = await serveRaw((socket) => {
      socket.once('data', (hello: Buffer) => setTimeout(() => pipe(socket, port, hello), 1_000));
    });
    expect(await probe(slow.port, { timeoutSeconds: 1.6 })).toMatchObject({
      probe: { rung: 'default', presented: chain, version: 'TLSv1.3' },
    });
  });

  test('a server that says nothing after its certificate is read all the same', async () => {
    const { port } = await serve({ maxVersion: 'TLSv1.2' });
    const mute = await serveRaw((client) => {
      const behind = behindFor(client, port);
      behind.on('data', (chunk) => client.write(chunk));
      client.once('data', (hello: Buffer) => behind.write(hello));
    });
    const { probe: found } = await probe(mute.port, { timeoutSeconds: 0.6 });
    expect(found).toMatchObject({ presented: chain, refusal: { code: 'timeout' } });
  });
});

describe('the end of the run', () => {
  const reason = new Error('the run ends');

  test.each([
    ['the connection', 'blackhole', 'tls'],
    ['the words before TLS', 'silent', 'imap'],
    ['the handshake', 'silent', 'tls'],
    ['the pause before another attempt', 'refused', 'tls'],
  ] as const)('comes through during %s', async (_, server, protocol) => {
    const { port, sockets } = await startBad(server);
    const controller = new AbortController();
    const probing = probe(port, { protocol, signal: controller.signal, retries: 9 });
    probing.catch(() => undefined);
    await delay(120);
    const started = performance.now();
    controller.abort(reason);
    await expect(probing).rejects.toBe(reason);
    expect(performance.now() - started).toBeLessThan(200);
    await vi.waitFor(() => expect(sockets.map(({ closed }) => closed)).not.toContain(false));
  });

  test('that has come already lets nothing begin', async () => {
    const { port, sockets } = await startBad('silent');
    await expect(probe(port, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(sockets).toHaveLength(0);
  });
});

async function startBad(kind: 'blackhole' | 'silent' | 'refused'): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  if (kind === 'refused') return { port: await refusedPort(), sockets };
  if (kind === 'silent') return { ...(await serveRaw((socket) => sockets.push(socket.resume()))), sockets };
  const { endpoints, stop } = await startBlackholes(1);
  onTestFinished(stop);
  return { port: endpoints[0]!.port, sockets };
}

/** Whether the extension supported_versions (RFC 8446, 4.2.1) names TLS 1.3. */
function offersTls13(hello: Buffer): boolean {
  const session = 43 + 1 + hello[43]!;
  const suites = session + 2 + hello.readUInt16BE(session);
  const extensions = suites + 1 + hello[suites]! + 2;
  for (let at = extensions; at + 4 <= hello.length; at += 4 + hello.readUInt16BE(at + 2)) {
    if (hello.readUInt16BE(at) === 43)
      return hello.subarray(at + 4, at + 4 + hello.readUInt16BE(at + 2)).includes('\x03\x04', 0, 'latin1');
  }
  return false;
}

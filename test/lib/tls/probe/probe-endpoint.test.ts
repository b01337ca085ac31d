import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createDeadlines } from '../../../../src/lib/tls/probe/deadline.ts';
import type { ProbeRequest } from '../../../../src/lib/tls/probe/probe.ts';
import { probeEndpoint } from '../../../../src/lib/tls/probe/probe-endpoint.ts';
import { ProbeFailure } from '../../../../src/lib/tls/probe/probe-failure.ts';
import { createSecureContexts } from '../../../../src/lib/tls/probe/secure-contexts.ts';
import { startBlackholes } from '../../../support/net/blackhole.ts';
import { rawBehaviours, refusedPort, startPacketLoser } from '../../../support/tls/raw-server.ts';
import { keyPem, make, makeKey, pem } from '../trust/made-certificate.ts';
import { ended, identity, leaf, leafOf, middle, root, serve, serveRaw } from './served.ts';

const contexts = createSecureContexts({ roots: pem(root) });
const chain = [leaf.der, middle.der];

async function probe(port: number, options: Partial<ProbeRequest> = {}) {
  const signal = options.signal ?? new AbortController().signal;
  const { attempts, address, result } = await probeEndpoint({
    host: 'leaf.test',
    addresses: [{ address: '127.0.0.1', family: 4 }],
    port,
    protocol: 'tls',
    servername: 'leaf.test',
    timeoutSeconds: 8,
    retries: 1,
    clientName: 'client.test',
    contexts,
    deadlines: createDeadlines(signal),
    signal,
    ...options,
  });
  if (result instanceof ProbeFailure) return { attempts, address, failure: result };
  return { attempts, address, probe: result };
}

/** What failed and how often it was tried. */
async function failureAt(port: number, options: Partial<ProbeRequest> = {}) {
  const { attempts, failure } = await probe(port, options);
  return { attempts, code: failure?.code, message: failure?.message };
}

test('a good server is asked once', async () => {
  const { port } = await serve();
  const found = await probe(port);
  expect(found).toMatchObject({
    attempts: 1,
    address: '127.0.0.1',
    probe: { rung: 'default', presented: chain, verification: { code: undefined }, version: 'TLSv1.3' },
  });
  expect(found.probe?.refusal).toBeUndefined();
});

describe('a client certificate that is wanted', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('is no reason to lower the bars with %s', async (maxVersion) => {
    const { port } = await serve({ maxVersion, requestCert: true, rejectUnauthorized: true });
    const found = await probe(port);
    expect(found).toMatchObject({
      attempts: 1,
      probe: { rung: 'default', presented: chain, clientCertificateWanted: true },
    });
    expect(found.probe?.refusal).toBeUndefined();
  });

  test('and presented, is one handshake like any other', async () => {
    const client = { subject: 'client.test', key: makeKey() };
    const certificate = pem(make(client));
    const { port } = await serve({
      maxVersion: 'TLSv1.2',
      requestCert: true,
      rejectUnauthorized: true,
      ca: certificate,
    });
    const presenting = createSecureContexts({ roots: pem(root), client: { certificate, key: keyPem(client.key) } });
    const found = await probe(port, { contexts: presenting });
    expect(found).toMatchObject({ attempts: 1, probe: { verification: { code: undefined } } });
    expect(found.probe && 'failure' in found.probe && found.probe.failure).toBeFalsy();
  });
});

describe('what is refused or reset', () => {
  test('is tried again, and then it is as if nothing had been', async () => {
    const { port } = await serve();
    let connections = 0;
    const flaky = await serveRaw((socket) => {
      connections++;
      if (connections === 1) socket.once('data', () => socket.resetAndDestroy());
      else pipe(socket, port);
    });
    const found = await probe(flaky.port);
    expect(found).toMatchObject({ attempts: 2, probe: { rung: 'default', presented: chain } });
    expect(found.probe?.refusal).toBeUndefined();
  });

  test('is tried as often as told, with a pause before each', async () => {
    const port = await refusedPort();
    const started = performance.now();
    expect(await failureAt(port, { retries: 0 })).toMatchObject({ attempts: 1, code: 'unreachable' });
    expect(performance.now() - started).toBeLessThan(400);
    expect(await failureAt(port, { retries: 2 })).toEqual({
      attempts: 3,
      code: 'unreachable',
      message: 'connection refused',
    });
    expect(performance.now() - started).toBeGreaterThan(990);
  });

  test('is said to be that when the time is up before the next attempt', async () => {
    const port = await refusedPort();
    const started = performance.now();
    expect(await failureAt(port, { retries: 5, timeoutSeconds: 0.2 })).toMatchObject({ code: 'unreachable' });
    expect(performance.now() - started).toBeLessThan(450);
  });

  test.each(['reset on accept', 'reset after hello', 'end on accept', 'end after hello'] as const)(
    'for good is a reset: %s',
    async (behaviour) => {
      const { port } = await serveRaw(rawBehaviours[behaviour]);
      expect(await failureAt(port, { retries: 0 })).toMatchObject({ code: 'reset' });
    },
  );
});

describe('what is not TLS', () => {
  test.each(['plain http', 'ssh banner', 'garbage', '10 MB of garbage'] as const)('is told: %s', async (behaviour) => {
    const { port } = await serveRaw(rawBehaviours[behaviour]);
    expect(await failureAt(port)).toMatchObject({ code: 'not-tls' });
  });
});

describe('rungs', () => {
  test('a server of TLS 1.0 and 1.1 is read with the bars lowered, and says why', async () => {
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      const { port } = await serve({ minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' });
      const { probe: found } = await probe(port);
      expect(found).toMatchObject({ rung: 'permissive', version, presented: chain, verification: { code: undefined } });
      expect(found!.refusal).toMatchObject({
        code: 'handshake-failed',
        message: expect.stringContaining('protocol_version'),
      });
    }
  });

  test('a server that wants a post-quantum group gets one, and nothing is wrong with it', async () => {
    const { port } = await serve({ ecdhCurve: 'X25519MLKEM768', minVersion: 'TLSv1.3' });
    const found = await probe(port);
    expect(found).toMatchObject({ attempts: 2, probe: { rung: 'default', presented: chain } });
    expect(found.probe?.refusal).toBeUndefined();
  });

  test('a middlebox that loses a hello of two packets is not even noticed', async () => {
    const { port } = await serve();
    const loser = await ended(startPacketLoser(port));
    expect(await probe(loser.port)).toMatchObject({ attempts: 1, probe: { rung: 'default', presented: chain } });
  });

  test('a server that refuses everything and yet sends its certificate is read without a handshake', async () => {
    const { port } = await serve({ maxVersion: 'TLSv1.2' });
    const refusing = await serveRaw((socket) => {
      socket.once('data', (hello) => {
        // OpenSSL's own hello has the extension for the encoding of points with three forms, ours with one.
        if (hello.length > 256) socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40]));
        else pipe(socket, port, hello);
      });
    });
    const found = await probe(refusing.port, { servername: undefined });
    expect(found).toMatchObject({ attempts: 4, probe: { rung: 'raw', presented: chain, version: 'TLSv1.2' } });
    expect(found.probe!.refusal).toMatchObject({ code: 'handshake-failed' });
    expect(found.probe && 'verification' in found.probe).toBe(false);
  });

  test('a server that refuses everything is told of in the words of the first attempt', async () => {
    const { port } = await serveRaw(rawBehaviours['handshake_failure alert']);
    const found = await failureAt(port);
    expect(found).toMatchObject({ attempts: 4, code: 'handshake-failed' });
    expect(found.message).toContain('handshake_failure');
  });

  test('a name that is refused is not asked for in other ways', async () => {
    const { port } = await serveRaw((socket) => {
      socket.once('data', () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 112])));
    });
    expect(await failureAt(port)).toMatchObject({ attempts: 1, code: 'sni-refused' });
  });

  test('of the kind of key that a server does not have nothing else is tried', async () => {
    const { port } = await serve();
    expect(await failureAt(port, { keyType: 'rsa' })).toMatchObject({ attempts: 1, code: 'handshake-failed' });
    expect(await probe(port, { keyType: 'ec' })).toMatchObject({ attempts: 1, probe: { rung: 'default' } });
  });

  test('a weak chain is asked about again with the bars lowered: whether it is trusted is another question', async () => {
    const weak = leafOf({});
    const { port } = await serve(identity([weak, middle]));
    // A context for which every key is too small, the permissive one excepted.
    const strict = createSecureContexts({ roots: pem(root) });
    expect(await probe(port, { contexts: strict })).toMatchObject({ probe: { verification: { code: undefined } } });
  });
});

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
      socket.once('data', (hello) => (offersTls13(hello) ? socket.resume() : pipe(socket, port, hello)));
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
      socket.once('data', (hello) => setTimeout(() => pipe(socket, port, hello), 700));
    });
    expect(await probe(slow.port, { timeoutSeconds: 1 })).toMatchObject({
      probe: { rung: 'default', presented: chain, version: 'TLSv1.3' },
    });
  });

  test('a server that says nothing after its certificate is read all the same', async () => {
    const { port } = await serve({ maxVersion: 'TLSv1.2' });
    const mute = await serveRaw((client) => {
      const behind = behindFor(client, port);
      behind.on('data', (chunk) => client.write(chunk));
      client.once('data', (hello) => behind.write(hello));
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

test('every connection that was opened is closed', async () => {
  const sockets: Socket[] = [];
  const { port } = await serveRaw((socket) => {
    sockets.push(socket);
    rawBehaviours['handshake_failure alert'](socket);
  });
  const { attempts } = await probe(port);
  expect(sockets).toHaveLength(attempts);
  await vi.waitFor(() => expect(sockets.map(({ closed }) => closed)).not.toContain(false));
});

async function startBad(kind: 'blackhole' | 'silent' | 'refused'): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  if (kind === 'refused') return { port: await refusedPort(), sockets };
  if (kind === 'silent') return { ...(await serveRaw((socket) => sockets.push(socket.resume()))), sockets };
  const { endpoints, stop } = await startBlackholes(1);
  onTestFinished(stop);
  return { port: endpoints[0]!.port, sockets };
}

function behindFor(client: Socket, port: number): Socket {
  const behind = connect(port, '127.0.0.1').on('error', () => undefined);
  client.once('close', () => behind.destroy());
  behind.once('close', () => client.destroy());
  return behind;
}

function pipe(client: Socket, port: number, read?: Buffer): void {
  const behind = behindFor(client, port);
  if (read !== undefined) behind.write(read);
  client.pipe(behind).pipe(client);
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

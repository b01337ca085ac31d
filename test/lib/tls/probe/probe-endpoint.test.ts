import type { Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { createSecureContexts } from '../../../../src/lib/tls/probe/secure-contexts.ts';
import { rawBehaviours, refusedPort, startPacketLoser } from '../../../support/tls/raw-server.ts';
import { keyPem, make, makeKey, pem } from '../trust/made-certificate.ts';
import { chain, failureAt, pipe, probe } from './probing.ts';
import { ended, identity, leafOf, middle, root, serve, serveRaw } from './served.ts';

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
      socket.once('data', (hello: Buffer) => {
        // The hello of TLS 1.2 that is only read has less than 256 bytes, all of OpenSSL have more.
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

  test('a weak key is no end of the questions: whether its chain is trusted is asked with the bars lowered', async () => {
    const key = makeKey('rsa', 1024);
    const weak = leafOf({ key });
    const options = { ciphers: 'ALL:@SECLEVEL=0' };
    const { port } = await serve({ ...identity([weak, middle], key), ...options });
    const found = await probe(port);
    expect(found).toMatchObject({ attempts: 2, probe: { rung: 'default', verification: { code: undefined } } });
    expect(found.probe?.refusal).toBeUndefined();
    const incomplete = await serve({ ...identity([weak], key), ...options });
    expect(await probe(incomplete.port)).toMatchObject({
      probe: { rung: 'default', verification: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' } },
    });
  });

  test('of the kind of key that a server does not have nothing else is tried', async () => {
    const { port } = await serve();
    expect(await failureAt(port, { keyType: 'rsa' })).toMatchObject({ attempts: 1, code: 'handshake-failed' });
    expect(await probe(port, { keyType: 'ec' })).toMatchObject({ attempts: 1, probe: { rung: 'default' } });
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

import { getEventListeners, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type HandshakeOptions, handshake } from '../../../../src/lib/tls/probe/handshake.ts';
import { createSecureContexts } from '../../../../src/lib/tls/probe/secure-contexts.ts';
import { day, keyPem, makeKey, make, pem } from '../trust/made-certificate.ts';
import { identity, leaf, leafOf, middle, root, serve, serveRaw } from './served.ts';

const trusting = createSecureContexts({ roots: pem(root) });

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function shake(port: number, options: Partial<HandshakeOptions> = {}) {
  const socket = await open(port);
  return handshake(socket, {
    context: trusting('current'),
    servername: 'leaf.test',
    signal: AbortSignal.timeout(10_000),
    ...options,
  });
}

test('a good server brings its chain, the version, the cipher, and the word that it is trusted', async () => {
  const { port } = await serve();
  const found = await shake(port);
  expect(found).toMatchObject({
    verification: { code: undefined },
    version: 'TLSv1.3',
    cipher: expect.stringMatching(/^TLS_/),
    clientCertificateWanted: false,
  });
  expect(found.presented).toEqual([leaf.der, middle.der]);
  expect(found.leaf?.raw).toEqual(leaf.der);
  expect('failure' in found).toBe(false);
});

test.each([
  ['with the root', [leaf, middle, root]],
  ['without the intermediate', [leaf]],
  ['in the wrong order', [leaf, root, middle]],
  ['with strangers and doubles', [leaf, make({ subject: 'Stranger', key: makeKey() }), middle, middle]],
] as const)('what was presented is told as it was sent: %s', async (_, chain) => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const { port } = await serve({ ...identity(chain), maxVersion });
    expect((await shake(port)).presented).toEqual(chain.map(({ der }) => der));
  }
});

test.each([
  ['expired', () => identity([leafOf({ from: -90 * day, until: -day }), middle]), 'CERT_HAS_EXPIRED'],
  ['not yet valid', () => identity([leafOf({ from: day }), middle]), 'CERT_NOT_YET_VALID'],
  ['without its intermediate', () => identity([leaf]), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
])('a chain that is %s is no failure, and OpenSSL’s word is told', async (_, certificates, code) => {
  const { port } = await serve(certificates());
  const found = await shake(port);
  expect(found.verification).toEqual({ code });
  expect(found.failure).toBeUndefined();
  expect(found.presented.length).toBeGreaterThan(0);
});

test('another name is no failure either, nor part of OpenSSL’s word', async () => {
  const { port } = await serve();
  expect((await shake(port, { servername: 'other.test' })).verification).toEqual({ code: undefined });
});

test('without roots nothing is trusted', async () => {
  const { port } = await serve();
  const context = createSecureContexts({ roots: '' })('current');
  expect((await shake(port, { context })).verification).toEqual({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
});

test('the name is asked for (SNI), and none where there is none', async () => {
  const asked: string[] = [];
  const { port } = await serve({
    SNICallback: (name, done) => {
      asked.push(name);
      done(null);
    },
  });
  await shake(port, { servername: 'one.test' });
  await shake(port, { servername: undefined });
  expect(asked).toEqual(['one.test']);
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a client certificate that is wanted is noticed with %s',
  async (version) => {
    for (const rejectUnauthorized of [false, true]) {
      const wanting = await serve({ maxVersion: version, requestCert: true, rejectUnauthorized });
      const found = await shake(wanting.port);
      expect(found).toMatchObject({ clientCertificateWanted: true, version });
      expect(found.presented).toEqual([leaf.der, middle.der]);
    }
    const other = await serve({ maxVersion: version });
    expect(await shake(other.port)).toMatchObject({ clientCertificateWanted: false, version });
  },
);

test('a client certificate is presented to who wants one', async () => {
  const client = { subject: 'client.test', key: makeKey() };
  const own = make(client);
  const contexts = createSecureContexts({
    roots: pem(root),
    client: { certificate: pem(own), key: keyPem(client.key) },
  });
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const { port } = await serve({ maxVersion, requestCert: true, rejectUnauthorized: true, ca: pem(own) });
    expect(await shake(port, { context: contexts('current') })).toMatchObject({ verification: { code: undefined } });
    expect('failure' in (await shake(port, { context: contexts('current') }))).toBe(false);
  }
});

test('a handshake that fails after the certificate still brings it, with the word about it', async () => {
  const { port } = await serveTruncated((client) => client.end(handshakeFailure));
  const found = await shake(port);
  expect(found.presented).toEqual([leaf.der, middle.der]);
  expect(found.failure).toMatchObject({ code: expect.stringMatching(/^ERR_SSL_.*HANDSHAKE_FAILURE$/) });
  expect(found.verification).toEqual({ code: undefined });
});

test('a handshake that is aborted after the certificate still brings it, with the reason as its failure', async () => {
  const { port } = await serveTruncated(() => undefined);
  const controller = new AbortController();
  const reason = new Error('out of time');
  setTimeout(() => controller.abort(reason), 100);
  const found = await shake(port, { signal: controller.signal });
  expect(found.presented).toEqual([leaf.der, middle.der]);
  expect(found.failure).toBe(reason);
  expect(found.verification).toEqual({ code: undefined });
});

test('one that is aborted before it rejects with the reason, and closes the connection', async () => {
  const closed = Promise.withResolvers<void>();
  const { port } = await serveRaw((socket) => socket.resume().once('close', () => closed.resolve()));
  const controller = new AbortController();
  const reason = new Error('out of time');
  const shaking = shake(port, { signal: controller.signal });
  shaking.catch(() => undefined);
  await delay(30);
  controller.abort(reason);
  await expect(shaking).rejects.toBe(reason);
  await closed.promise;
  await expect(shake(port, { signal: controller.signal })).rejects.toBe(reason);
});

test.each([
  ['resets after the hello', (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy())],
  ['ends at once', (socket: Socket) => void socket.resume().end()],
  ['ends after the hello', (socket: Socket) => void socket.once('data', () => socket.end())],
])('a server that %s is a failure without a certificate', async (_, behave) => {
  const { port } = await serveRaw(behave);
  const { presented, failure } = await shake(port);
  expect(presented).toEqual([]);
  expect(['ECONNRESET', 'EPIPE']).toContain(failure?.code);
});

test('nothing is left of it: no connection, no listener at the signal', async () => {
  const accepted: Socket[] = [];
  const { port } = await serve();
  const proxied = await serveRaw((socket) => {
    accepted.push(socket);
    const behind = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.pipe(behind).pipe(socket);
  });
  const controller = new AbortController();
  await shake(proxied.port, { signal: controller.signal });
  await vi.waitFor(() => expect(accepted.map(({ closed }) => closed)).toEqual([true]));
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

/** A fatal alert of TLS 1.2 (RFC 5246, 7.2). */
const handshakeFailure = Buffer.from([0x15, 3, 3, 0, 2, 2, 40]);

/** A server of TLS 1.2 whose answer to the second flight of the client, after its certificate, is another one. */
async function serveTruncated(answer: (client: Socket) => void) {
  const { port } = await serve({ maxVersion: 'TLSv1.2' });
  return serveRaw((client) => {
    const behind = connect(port, '127.0.0.1').on('error', () => undefined);
    client.once('close', () => behind.destroy());
    behind.on('data', (chunk) => client.write(chunk));
    client.once('data', (hello) => {
      behind.write(hello);
      client.on('data', () => answer(client));
    });
  });
}

import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { handshake } from '../../../../src/lib/tls/probe/handshake.ts';
import { createSecureContexts, type Hello } from '../../../../src/lib/tls/probe/secure-contexts.ts';
import { createTrustStore } from '../../../../src/lib/tls/trust/trust-store.ts';
import { commonName, element, nameSet, sequence } from '../certificate/certificate-bytes.ts';
import { keyPem, make, makeDer, makeKey, pem } from '../trust/made-certificate.ts';
import { identity, leafOf, middle, root, serve } from './served.ts';

const hellos: readonly Hello[] = ['current', 'all-groups', 'rsa', 'ec', 'permissive'];

async function verificationBy(roots: string): Promise<string | undefined> {
  const { port } = await serve();
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const context = createSecureContexts({ roots })('current');
  const signal = AbortSignal.timeout(5_000);
  return (await handshake(socket, { context, servername: undefined, signal })).verification?.code;
}

test('one of each kind is made, once', () => {
  const contexts = createSecureContexts({ roots: '' });
  const made = hellos.map((hello) => contexts(hello));
  expect(new Set(made).size).toBe(hellos.length);
  expect(hellos.map((hello) => contexts(hello) === made[hellos.indexOf(hello)])).not.toContain(false);
});

test('a kind of key is asked of a server that has both', async () => {
  const rsa = makeKey('rsa');
  const chains = { ec: identity(), rsa: identity([leafOf({ key: rsa }), middle], rsa) };
  const { port } = await serve({ cert: [chains.ec.cert, chains.rsa.cert], key: [chains.ec.key, chains.rsa.key] });
  const contexts = createSecureContexts({ roots: '' });
  const types = ['ec', 'rsa', 'current'] as const;
  const found = await Promise.all(
    types.map(async (hello) => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      const signal = AbortSignal.timeout(5_000);
      const { leaf } = await handshake(socket, { context: contexts(hello), servername: undefined, signal });
      return leaf?.publicKey.asymmetricKeyType;
    }),
  );
  expect(found).toEqual(['ec', 'rsa', 'ec']);
});

test('roots are trusted, and without any not even those that Node trusts', async () => {
  expect(await verificationBy(pem(root))).toBeUndefined();
  expect(await verificationBy('')).toBe('UNABLE_TO_GET_ISSUER_CERT_LOCALLY');
});

test('a certificate that OpenSSL cannot read does not hide the roots behind it', async () => {
  const name = sequence(nameSet([commonName, element(0x0c, Buffer.from([0x62, 0xe4, 0x64]))]));
  const odd = makeDer({ subject: 'odd', subjectDer: name, key: makeKey(), isAuthority: true });
  expect(await verificationBy(createTrustStore([odd, root.der]).pem)).toBeUndefined();
});

test('a client certificate that does not fit its key is refused when the context is made', () => {
  const [key, other] = [makeKey(), makeKey()];
  const certificate = pem(make({ subject: 'client', key }));
  const contexts = createSecureContexts({ roots: '', client: { certificate, key: keyPem(other) } });
  expect(() => contexts('current')).toThrow(/key values mismatch/);
});

import type { TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Certificate } from '../../../../src/lib/tls/certificate/certificate.ts';
import { startTlsServer } from '../../../support/tls/node-server.ts';
import { startRawServer } from '../../../support/tls/raw-server.ts';
import type { TestServer } from '../../../support/tls/test-server.ts';
import { type Key, keyPem, make, makeKey, pem } from '../trust/made-certificate.ts';

const authority = { subject: 'Served Root', key: makeKey() };
const intermediate = { subject: 'Served Middle', key: makeKey() };
const leafKey = makeKey();

/** A chain that most servers of these tests present. */
export const root = make({ ...authority, isAuthority: true });
export const middle = make({ ...intermediate, issuer: authority, isAuthority: true });
export const leaf = make({ subject: 'leaf.test', key: leafKey, issuer: intermediate, names: ['leaf.test'] });

export function leafOf(wish: Partial<Parameters<typeof make>[0]>): Certificate {
  return make({ subject: 'leaf.test', key: leafKey, issuer: intermediate, names: ['leaf.test'], ...wish });
}

export function identity(chain: readonly Certificate[] = [leaf, middle], key: Key = leafKey) {
  return { cert: chain.map(pem).join(''), key: keyPem(key) };
}

/** The same for as long as the test runs. */
export async function serve(options: TlsOptions = {}): Promise<TestServer> {
  return ended(startTlsServer({ ...identity(), ...options }));
}

export async function serveRaw(...words: Parameters<typeof startRawServer>): Promise<TestServer> {
  return ended(startRawServer(...words));
}

export async function ended(starting: Promise<TestServer>): Promise<TestServer> {
  const server = await starting;
  onTestFinished(server.close);
  return server;
}

import { connect, type Socket } from 'node:net';
import { createDeadlines } from '../../../../src/lib/tls/probe/deadline.ts';
import type { ProbeRequest } from '../../../../src/lib/tls/probe/probe.ts';
import { probeEndpoint } from '../../../../src/lib/tls/probe/probe-endpoint.ts';
import { ProbeFailure } from '../../../../src/lib/tls/probe-failure.ts';
import { createSecureContexts } from '../../../../src/lib/tls/probe/secure-contexts.ts';
import { pem } from '../trust/made-certificate.ts';
import { leaf, middle, root } from './served.ts';

const contexts = createSecureContexts({ roots: pem(root) });
/** What the usual server presents. */
export const chain = [leaf.der, middle.der];

/** What comes of a port of 127.0.0.1. */
export async function probe(port: number, options: Partial<ProbeRequest> = {}) {
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
export async function failureAt(port: number, options: Partial<ProbeRequest> = {}) {
  const { attempts, failure } = await probe(port, options);
  return { attempts, code: failure?.code, message: failure?.message };
}

/** A connection to a server that stands behind what a client has connected to, and that ends with it. */
export function behindFor(client: Socket, port: number): Socket {
  const behind = connect(port, '127.0.0.1').on('error', () => undefined);
  client.once('close', () => behind.destroy());
  behind.once('close', () => client.destroy());
  return behind;
}

/** Leaves a client to a server behind; `read` is what has been read of it already. */
export function pipe(client: Socket, port: number, read?: Buffer): void {
  const behind = behindFor(client, port);
  if (read !== undefined) behind.write(read);
  client.pipe(behind).pipe(client);
}

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { RawAnswer } from '../../../../src/lib/tls/raw/handshake-reader.ts';
import { readRawCertificates, type RawProbeOptions } from '../../../../src/lib/tls/raw/read-raw-certificates.ts';
import { ProbeFailure } from '../../../../src/lib/tls/probe-failure.ts';

/** What `readRawCertificates` brings from a port of 127.0.0.1. `tap` gets the socket before it starts. */
export async function probe(
  port: number,
  options: Partial<RawProbeOptions> = {},
  tap: (socket: Socket) => void = () => {},
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  tap(socket);
  try {
    return await readRawCertificates(socket, {
      servername: undefined,
      signal: AbortSignal.timeout(10_000),
      ...options,
    });
  } finally {
    socket.destroy();
  }
}

/** The ProbeFailure that it ends with; whatever else it ends with fails the test. */
export async function probeFailure(port: number, options: Partial<RawProbeOptions> = {}): Promise<ProbeFailure> {
  return failureOf(await probe(port, options).catch((error: unknown) => error));
}

export function failureOf(outcome: unknown): ProbeFailure {
  if (outcome instanceof ProbeFailure) return outcome;
  throw new Error('no ProbeFailure', { cause: outcome });
}

export interface PlainServer extends AsyncDisposable {
  port: number;
}

/** A server on a free port of 127.0.0.1 that does with each connection what it is told. */
export async function startPlainServer(serve: (socket: Socket) => unknown): Promise<PlainServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // The prober hangs up whenever it knows enough.
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

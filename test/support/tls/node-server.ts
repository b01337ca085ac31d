import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { listening } from './raw-server.ts';
import type { TestServer } from './test-server.ts';

/** Node's own TLS server: certificates, protocol versions, client certificates, all by its options. */
export function startTlsServer(
  options: TlsOptions,
  where: { address?: string; port?: number; onSecure?: (socket: TLSSocket) => void } = {},
): Promise<TestServer> {
  const { address = '127.0.0.1', port = 0, onSecure } = where;
  const server = createServer(options, (socket) => {
    socket.on('error', () => undefined).resume();
    onSecure?.(socket);
  });
  server.on('tlsClientError', () => undefined);
  return listening(server, address, port);
}

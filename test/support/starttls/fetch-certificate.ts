import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { PlainProtocol } from '../../../src/lib/tls/starttls/foreign-protocol.ts';
import { negotiateTls } from '../../../src/lib/tls/starttls/negotiate-tls.ts';

/** What a caller of `negotiateTls` does: the PEM form of the certificate that the server on this port shows. */
export async function fetchCertificate(protocol: PlainProtocol, port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  try {
    await once(socket, 'connect');
    const signal = AbortSignal.timeout(10_000);
    await negotiateTls(socket, protocol, { clientName: 'client.example', serverName: 'localhost', signal });
    return await certificateBehind(socket);
  } finally {
    socket.destroy();
  }
}

async function certificateBehind(socket: Socket): Promise<string> {
  const secured = connectTls({ socket, rejectUnauthorized: false });
  try {
    await once(secured, 'secureConnect', { signal: AbortSignal.timeout(10_000) });
    return secured.getPeerX509Certificate()?.toString() ?? '';
  } finally {
    secured.destroy();
  }
}

// As a program, so that any version of Node can be tried: protocol and port in, certificate out.
if (process.argv[2] === '--fetch-certificate') {
  const [protocol, port] = process.argv.slice(3);
  process.stdout.write(await fetchCertificate(protocol as PlainProtocol, Number(port)));
}

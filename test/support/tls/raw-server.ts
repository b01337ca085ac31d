import { connect, createServer, type Server, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import type { TestServer } from './test-server.ts';

/** A server that does what it is told with each connection, errors of the other side included. */
export function startRawServer(serve: (socket: Socket) => void, address = '127.0.0.1', port = 0): Promise<TestServer> {
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  return listening(server, address, port);
}

/** Resolves when the server listens; its connections end with it. */
export async function listening(server: Server, address: string, port: number): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, resolve);
  });
  const bound = server.address();
  if (typeof bound !== 'object' || bound === null) throw new Error('a server without a port');
  return {
    port: bound.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** What can stand at a port where TLS is expected. */
export const rawBehaviours = {
  'plain http': (socket) => {
    socket.once('data', () =>
      socket.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nnot here\n'),
    );
  },
  'ssh banner': (socket) => void socket.resume().write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'),
  garbage: (socket) => void socket.resume().end(Buffer.concat([Buffer.from([0xff]), randomBytes(4_095)])),
  'garbage in a handshake record': (socket) => {
    const body = Buffer.concat([Buffer.from([0x02, 0xff, 0xff, 0xff]), randomBytes(508)]);
    socket.once('data', () => socket.end(Buffer.concat([Buffer.from([0x16, 3, 3, 0x02, 0x00]), body])));
  },
  '10 MB of garbage': (socket) => void socket.resume().end(Buffer.alloc(10_000_000, 0xee)),
  '10 MB of certificate': (socket) => void socket.resume().end(endlessCertificate()),
  silent: (socket) => void socket.resume(),
  'slow drip': (socket) => {
    socket.resume();
    // The beginning of a ServerHello that never comes to its end, one byte after the other.
    const bytes = Buffer.concat([
      Buffer.from([0x16, 3, 3, 0x10, 0x00, 0x02, 0x00, 0x0f, 0xfc, 3, 3]),
      Buffer.alloc(4_096),
    ]);
    let sent = 0;
    const timer = setInterval(() => socket.write(bytes.subarray(sent, ++sent)), 200);
    socket.once('close', () => clearInterval(timer));
  },
  'reset on accept': (socket) => void socket.resetAndDestroy(),
  'reset after hello': (socket) => void socket.once('data', () => socket.resetAndDestroy()),
  'end on accept': (socket) => void socket.resume().end(),
  'end after hello': (socket) => void socket.once('data', () => socket.end()),
  'handshake_failure alert': (socket) =>
    void socket.once('data', () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40]))),
} as const satisfies Record<string, (socket: Socket) => void>;

/** A port at which nothing listens. */
export async function refusedPort(): Promise<number> {
  const { port, close } = await startRawServer((socket) => void socket.destroy());
  await close();
  return port;
}

/**
 * Before a TLS server, a middlebox that loses a ClientHello of more than one packet (1,400 bytes), as the hello with a
 * post-quantum key share is; all others pass.
 */
export function startPacketLoser(behind: number): Promise<TestServer> {
  return startRawServer((client) => {
    client.once('data', (hello: Buffer) => {
      if (hello.length < 5 || hello.readUInt16BE(3) > 1_400) return client.resume();
      const server = connect(behind, '127.0.0.1', () => {
        server.write(hello);
        client.pipe(server).pipe(client);
      });
      server.on('error', () => client.destroy());
      return client.once('close', () => server.destroy());
    });
  });
}

/** A ServerHello of TLS 1.2, then 10 MB in records of 16 KB which all belong to one Certificate message of 16 MB. */
function endlessCertificate(): Buffer {
  // Version, random, no session, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, no compression, no extensions.
  const hello = Buffer.concat([Buffer.from([2, 0, 0, 38, 3, 3]), randomBytes(32), Buffer.from([0, 0xc0, 0x2f, 0])]);
  const record = Buffer.concat([Buffer.from([0x16, 3, 3, 0x40, 0x00]), Buffer.alloc(0x40_00, 0xaa)]);
  const first = Buffer.from(record);
  Buffer.from([0x0b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc, 0xff, 0xff, 0xf9]).copy(first, 5);
  const start = Buffer.from([0x16, 3, 3, 0, hello.length]);
  return Buffer.concat([start, hello, first, ...Array.from({ length: 610 }, () => record)]);
}

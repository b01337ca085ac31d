import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { RunningServers } from './endpoint.ts';

/** Endpoints of 127.0.0.1 that accept a connection and never say a word. */
export function startSilentServers(count: number): Promise<RunningServers> {
  // Without a reader the other end's FIN would not be seen either.
  return startServers(count, (socket) => socket.resume());
}

/** Endpoints that answer with a reset: at once, or only when they have received something, such as a ClientHello. */
export function startResettingServers(count: number, when: 'on-accept' | 'on-data' = 'on-accept') {
  return startServers(count, (socket) => {
    if (when === 'on-accept') socket.resetAndDestroy();
    else socket.once('data', () => socket.resetAndDestroy());
  });
}

/** `count` servers of 127.0.0.1, each on a port of its own, that treat every connection alike. */
export async function startServers(count: number, onConnection: (socket: Socket) => void): Promise<RunningServers> {
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    onConnection(socket);
  };
  const servers = await Promise.all(Array.from({ length: count }, () => listen(accept)));
  return {
    endpoints: servers.map((server) => ({ address: '127.0.0.1', port: (server.address() as AddressInfo).port })),
    stop: async () => {
      const closed = servers.map((server) => once(server, 'close'));
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

async function listen(accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer(accept);
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return server;
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { PlainProtocol } from '../../../src/lib/tls/starttls/foreign-protocol.ts';
import { negotiateTls } from '../../../src/lib/tls/starttls/negotiate-tls.ts';

/** What is not as usual. */
export interface Circumstances {
  clientName?: string;
  serverName?: string;
  signal?: AbortSignal;
  prepare?: (socket: Socket) => void;
}

/** 'ready', or what it rejected with. */
export async function outcome(
  protocol: PlainProtocol,
  port: number,
  circumstances: Circumstances = {},
): Promise<unknown> {
  const { clientName = 'client.example', serverName = 'localhost', prepare } = circumstances;
  const { signal = AbortSignal.timeout(5000) } = circumstances;
  const socket = await connected(port);
  prepare?.(socket);
  try {
    await negotiateTls(socket, protocol, { clientName, serverName, signal });
    return 'ready';
  } catch (error) {
    return error;
  } finally {
    socket.destroy();
  }
}

/** A connection that ends with the test at the latest. */
export async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** How many listeners each event has. */
export function listenersOf(socket: Socket): Record<string, number> {
  const names = socket.eventNames().toSorted((a, b) => String(a).localeCompare(String(b)));
  return Object.fromEntries(names.map((name) => [String(name), socket.listenerCount(name)]));
}

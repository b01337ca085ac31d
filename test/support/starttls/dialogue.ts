import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { TLSSocket, createSecureContext } from 'node:tls';
import type { TemporaryCertificate } from './temporary-certificate.ts';

/** What a server of a test says, and what it waits to hear, byte for byte. */
export type Turn = { says: string | Buffer } | { hears: string | Buffer };

export const says = (bytes: string | Buffer): Turn => ({ says: bytes });
export const hears = (bytes: string | Buffer): Turn => ({ hears: bytes });

/**
 * Plays the server's part on a connection. `cut` makes pieces of what it says: each is sent for itself, a turn of the
 * event loop apart. Rejects when the client says anything else, or leaves.
 */
export async function play(
  stream: Duplex,
  turns: readonly Turn[],
  cut: (bytes: Buffer, turn: number) => Buffer[] = (bytes) => [bytes],
): Promise<void> {
  let heard = Buffer.alloc(0);
  let hasLeft = false;
  let wake = (): void => undefined;
  const onData = (chunk: Buffer): void => {
    heard = Buffer.concat([heard, chunk]);
    wake();
  };
  const onEnd = (): void => {
    hasLeft = true;
    wake();
  };
  stream.on('data', onData).on('end', onEnd).on('close', onEnd);
  try {
    for (const [index, turn] of turns.entries()) {
      if ('says' in turn) {
        for (const piece of cut(Buffer.from(turn.says), index)) {
          stream.write(piece);
          await new Promise((resolve) => setImmediate(resolve));
        }
        continue;
      }
      const expected = Buffer.from(turn.hears);
      while (heard.length < expected.length) {
        if (hasLeft) break;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      if (!heard.subarray(0, expected.length).equals(expected)) {
        throw new Error(`instead of ${JSON.stringify(expected.toString())}: ${JSON.stringify(heard.toString())}`);
      }
      heard = heard.subarray(expected.length);
    }
  } finally {
    stream.pause();
    stream.off('data', onData).off('end', onEnd).off('close', onEnd);
  }
  // After the last word of some protocols a client starts its handshake without an answer.
  if (heard[0] === 0x16) stream.unshift(heard);
  else if (heard.length > 0) throw new Error(`too much: ${JSON.stringify(heard.toString())}`);
}

export interface DialogueServer {
  port: number;
  /** Rejects when a client said anything else than its part. */
  stop(): Promise<void>;
}

/**
 * A server on 127.0.0.1 that plays the same part with each client and then starts TLS, closes, resets, or stays silent.
 * `serve` may do it all itself instead.
 */
export async function startDialogueServer(
  part: readonly Turn[] | ((socket: Socket) => Promise<void> | void),
  then: TemporaryCertificate | 'close' | 'reset' | 'silence' = 'silence',
): Promise<DialogueServer> {
  const complaints: string[] = [];
  const sockets = new Set<Socket>();
  const serve = async (socket: Socket): Promise<void> => {
    await (typeof part === 'function' ? part(socket) : play(socket, part));
    if (then === 'close') socket.end();
    else if (then === 'reset') {
      // Not before the client's connect(2) has returned.
      await pause(5);
      socket.resetAndDestroy();
    } else if (then !== 'silence') {
      const secureContext = createSecureContext({ cert: then.certificate, key: then.key });
      new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => undefined).resume();
    }
  };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    serve(socket).catch((error: unknown) => {
      complaints.push(String(error));
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
    },
  };
}

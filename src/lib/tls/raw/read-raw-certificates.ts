import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { ProbeFailure } from '../probe-failure.ts';
import { clientHello } from './client-hello.ts';
import { handshakeReader, type RawAnswer } from './handshake-reader.ts';

export interface RawProbeOptions {
  /** Name to ask for; an address is not sent. */
  servername: string | undefined;
  signal: AbortSignal;
  /** Offers only what goes with this kind of certificate, for servers that have two. */
  forKeyType?: 'rsa' | 'ec';
}

/**
 * Reads the certificates of a server of TLS 1.2 or older from its first messages, without a handshake: for servers
 * that OpenSSL refuses. That the server has the key to them is not proven.
 *
 * The socket is connected, and whatever goes before TLS is done. Afterwards it is paused, without a listener of ours,
 * and of no more use: the caller destroys it at once, and has an error listener on it if it cannot.
 *
 * @throws {ProbeFailure} `handshake-failed`, `not-tls`, `sni-refused`, `reset`, `timeout` (of TCP itself)
 * @throws the signal's reason when it is aborted
 */
export function readRawCertificates(socket: Socket, options: RawProbeOptions): Promise<RawAnswer> {
  const { servername, signal, forKeyType } = options;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const hello = clientHello({ servername, forKeyType, random: randomBytes(32) });
    const reader = handshakeReader();
    if (socket.destroyed || socket.readableEnded) throw reader.closed('closed');

    function settle(conclude: () => void): void {
      signal.removeEventListener('abort', onAbort);
      socket.off('data', onData).off('end', onClosed).off('close', onClosed).off('error', onError);
      socket.pause();
      conclude();
    }
    function onData(chunk: Buffer): void {
      let answer: RawAnswer | undefined;
      try {
        answer = reader.push(chunk);
      } catch (error) {
        settle(() => reject(error));
        return;
      }
      if (answer !== undefined) settle(() => resolve(answer));
    }
    function onClosed(): void {
      settle(() => reject(reader.closed('closed')));
    }
    function onError(error: NodeJS.ErrnoException): void {
      settle(() => reject(failureOf(error, reader.closed('reset'))));
    }
    function onAbort(): void {
      settle(() => reject(signal.reason));
    }

    signal.addEventListener('abort', onAbort);
    socket.on('data', onData).on('end', onClosed).on('close', onClosed).on('error', onError);
    socket.write(hello);
    // A pause by whoever spoke before us would last.
    socket.resume();
  });
}

function failureOf(error: NodeJS.ErrnoException, reset: ProbeFailure): ProbeFailure {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
    return new ProbeFailure(reset.code, reset.message, {
      ...(reset.hint !== undefined && { hint: reset.hint }),
      cause: error,
    });
  }
  const code = error.code === 'ETIMEDOUT' ? 'timeout' : 'reset';
  return new ProbeFailure(code, `the connection broke: ${error.message}`, { cause: error });
}

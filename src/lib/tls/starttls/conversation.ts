import type { Socket } from 'node:net';
import { ProbeFailure } from '../probe-failure.ts';

/** Of all answers together: the longest list of capabilities there is has a few hundred bytes. */
const mostBytes = 64 * 1024;
/** Of one line, or of one message of a binary protocol. */
export const mostBytesOfAnswer = 8 * 1024;

/**
 * How many bytes the first answer of `bytes` has (never 0, may be more than have come), that this cannot be told yet,
 * or that no server of this protocol begins an answer like that. `bytes` is never empty.
 */
export type Measure = (bytes: Buffer) => number | 'incomplete' | 'foreign';

/** The words before TLS as a protocol's script sees them: what it asks and what it is answered. */
export interface Conversation {
  /** The next answer. A server that has left, speaks something else or does not stop is a ProbeFailure. */
  read(measure: Measure): Promise<Buffer>;
  /** Resolves when the bytes are out of our hands. */
  write(bytes: string | Buffer): Promise<void>;
  /** What to throw when `bytes` turn out to be of another protocol. */
  foreign(bytes: Buffer): ProbeFailure;
}

/**
 * Runs a script over a connected socket and leaves the socket without a listener of ours, paused, nothing read ahead:
 * `tls.connect({ socket })` can follow at once. The caller keeps a listener for 'error' all along, and destroys the
 * socket when this rejects: with the script's own error, a ProbeFailure, or the reason of the signal.
 */
export async function converse(
  socket: Socket,
  options: { signal: AbortSignal; foreign: (bytes: Buffer) => ProbeFailure },
  script: (conversation: Conversation) => Promise<void>,
): Promise<void> {
  const { signal, foreign } = options;
  let pending: Buffer = Buffer.alloc(0);
  let received = 0;
  let lost: ProbeFailure | undefined;
  let wake = (): void => undefined;

  const onData = (chunk: Buffer): void => {
    received += chunk.length;
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    wake();
  };
  const onLost = (cause?: unknown): void => {
    lost ??= connectionLost(cause);
    wake();
  };
  const onEnd = (): void => onLost();
  const onAbort = (): void => wake();
  const somethingHappened = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });

  const read = async (measure: Measure): Promise<Buffer> => {
    for (;;) {
      signal.throwIfAborted();
      if (received > mostBytes) throw neverEnding();
      const length = pending.length === 0 ? 'incomplete' : measure(pending);
      if (length === 'foreign') {
        if (lost !== undefined || isTelling(pending)) throw foreign(pending);
      } else if (length !== 'incomplete' && length <= Math.min(pending.length, mostBytesOfAnswer)) {
        const answer = pending.subarray(0, length);
        pending = pending.subarray(length);
        return answer;
      } else if (pending.length > mostBytesOfAnswer || (length !== 'incomplete' && length > mostBytesOfAnswer)) {
        throw neverEnding();
      }
      if (lost !== undefined) throw lost;
      await somethingHappened();
    }
  };

  const write = async (bytes: string | Buffer): Promise<void> => {
    socket.write(bytes, (error) => (error ? onLost(error) : wake()));
    // Who refuses and leaves before it reads this is not lost yet: what it said is still to be read.
    while (socket.writableLength > 0) {
      if (lost !== undefined) return;
      await somethingHappened();
      signal.throwIfAborted();
    }
  };

  signal.throwIfAborted();
  if (socket.destroyed || socket.readableEnded) throw connectionLost(socket.errored ?? undefined);
  signal.addEventListener('abort', onAbort);
  socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onLost);
  // A listener alone does not start a socket that was paused.
  socket.resume();
  try {
    await script({ read, write, foreign });
    signal.throwIfAborted();
    // The client speaks first in TLS: whatever has come by now was sent in the clear by whoever is on the line.
    if (pending.length > 0 || socket.readableLength > 0) throw injected();
    if (lost !== undefined) throw lost;
  } finally {
    socket.pause();
    socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onLost);
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Whether there is enough of a foreign answer to say what it is: a line, the first bytes of something binary, or so
 * much that waiting for the end of the line is no use.
 */
function isTelling(bytes: Buffer): boolean {
  if (bytes.length >= 512 || bytes.includes(0x0a)) return true;
  return bytes.length >= 5 && bytes.subarray(0, 5).some((byte) => byte < 0x20 || byte > 0x7e);
}

function connectionLost(cause: unknown): ProbeFailure {
  const message = 'the connection was closed before TLS could start';
  return new ProbeFailure('reset', message, cause === undefined ? {} : { cause });
}

function neverEnding(): ProbeFailure {
  return new ProbeFailure('not-tls', 'the server talks without an end instead of starting TLS');
}

function injected(): ProbeFailure {
  return new ProbeFailure('not-tls', 'the server sent plain text behind its answer to STARTTLS', {
    hint: 'Text at this place can be put there by anybody between here and the server (CVE-2011-0411): look what stands in between.',
  });
}

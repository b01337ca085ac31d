import { read, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { pause } from '../../time/pause.ts';
import { sourceProblem, unreadable } from './source-problem.ts';
import type { SourceProblem } from './source-problem.ts';

/** Which bytes of an open file are read, and how. */
export interface ChunkOptions {
  /** The file's name in messages. */
  name: string;
  /** First byte. Default 0. */
  start?: number | undefined;
  /** The byte after the last one; without it the end of the file as it is when we come there. */
  end?: number | undefined;
  /** Size of the buffer. Default 256 KiB, which stays in the cache of a core: 4 MiB took a third more time. */
  chunkBytes?: number | undefined;
}

const defaultChunkBytes = 262_144;

/**
 * Reads a regular file in order. A chunk is a view of one buffer, which is written anew when the next is asked for. The
 * position of the descriptor itself does not matter and is not moved. Returns what went wrong.
 */
export function* readChunksSync(fd: number, options: ChunkOptions): Generator<Buffer, SourceProblem | undefined, void> {
  const end = options.end ?? Infinity;
  let position = options.start ?? 0;
  const buffer = Buffer.allocUnsafeSlow(Math.max(1, Math.min(options.chunkBytes ?? defaultChunkBytes, end - position)));
  while (position < end) {
    let count: number;
    try {
      count = readSync(fd, buffer, 0, Math.min(buffer.length, end - position), position);
    } catch (error) {
      return unreadable(options.name, error);
    }
    if (count === 0) {
      if (end === Infinity) return undefined;
      return sourceProblem(
        'shortened',
        options.name,
        `ends at byte ${position}, before byte ${end} that was asked for`,
      );
    }
    position += count;
    yield count === buffer.length ? buffer : buffer.subarray(0, count);
  }
  return undefined;
}

/** How much is read between two looks at the signal: some 5 ms. */
const bytesBetweenTurns = 16 * 1024 * 1024;

/** The same with a turn of the event loop every 16 MiB, in which the signal can abort. Throws the signal's reason. */
export async function* readChunks(
  fd: number,
  options: ChunkOptions & { signal: AbortSignal },
): AsyncGenerator<Buffer, SourceProblem | undefined, void> {
  options.signal.throwIfAborted();
  const chunks = readChunksSync(fd, options);
  let sinceTurn = 0;
  for (;;) {
    const next = chunks.next();
    if (next.done === true) return next.value;
    yield next.value;
    sinceTurn += next.value.length;
    if (sinceTurn < bytesBetweenTurns) continue;
    sinceTurn = 0;
    await new Promise((resolve) => setImmediate(resolve));
    options.signal.throwIfAborted();
  }
}

/**
 * Reads a device, which has no positions and no size, from where it is. The descriptor should be open with O_NONBLOCK:
 * a terminal that has nothing is asked again 20 times a second, and no thread is stuck in a read that cannot be ended.
 */
export async function* readDevice(
  fd: number,
  options: { name: string; signal: AbortSignal },
): AsyncGenerator<Buffer, SourceProblem | undefined, void> {
  const buffer = Buffer.allocUnsafeSlow(defaultChunkBytes);
  for (;;) {
    options.signal.throwIfAborted();
    const answer = await new Promise<number | NodeJS.ErrnoException>((resolve) => {
      read(fd, buffer, 0, buffer.length, null, (error, count) => resolve(error ?? count));
    });
    if (answer === 0) return undefined;
    if (typeof answer === 'number') yield buffer.subarray(0, answer);
    else if (answer.code === 'EAGAIN') await pause(0.05, options.signal);
    else return unreadable(options.name, answer);
  }
}

/**
 * Reads a stream, such as standard input, and closes it in the end, or when the reader has enough. Throws the signal's
 * reason. Its failures, and a close before its end, are told.
 */
export async function* readStream(
  stream: Readable,
  options: { name: string; signal: AbortSignal },
): AsyncGenerator<Buffer, SourceProblem | undefined, void> {
  const { name, signal } = options;
  let ended = stream.readableEnded;
  let closed = stream.destroyed;
  let failure: { error: unknown } | undefined;
  let wakeUp = (): void => {};
  const wake = (): void => wakeUp();
  stream.on('readable', wake);
  stream.on('end', () => {
    ended = true;
    wake();
  });
  stream.on('close', () => {
    closed = true;
    wake();
  });
  // The listener stays: some streams have one more error when they are closed.
  stream.on('error', (error) => {
    failure ??= { error };
    wake();
  });
  signal.addEventListener('abort', wake);
  try {
    for (;;) {
      signal.throwIfAborted();
      const chunk = stream.read() as Buffer | string | null;
      if (chunk !== null) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      else if (failure !== undefined) return unreadable(name, failure.error);
      else if (ended) return undefined;
      else if (closed) return sourceProblem('unreadable', name, 'was closed before its end');
      else {
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', wake);
    stream.off('readable', wake);
    stream.destroy();
  }
}

import type { Transform } from 'node:stream';
import { readAt } from './stored-file.ts';
import type { StoredFile } from './stored-file.ts';

const chunkLength = 64 * 1024;

/**
 * Hands the uncompressed bytes of a gzip or zstd file to `take`, chunk by chunk, until that answers false or they end.
 * What is behind a cut or a damage is taken for the end: a file that is still being written has no other. Memory is a
 * few chunks, whatever the file says of itself. Rejects with the signal's reason when that is aborted.
 */
export async function inflate(file: StoredFile, take: (chunk: Buffer) => boolean, signal: AbortSignal): Promise<void> {
  const { createGunzip, createZstdDecompress } = await import('node:zlib');
  const transform: Transform = file.kind === 'gzip' ? createGunzip() : createZstdDecompress();
  const state = { ended: false };
  transform.on('data', (chunk: Buffer) => {
    if (!state.ended && !take(chunk)) state.ended = true;
  });
  transform.on('error', () => {
    state.ended = true;
  });
  try {
    for (let position = 0; !state.ended; position += chunkLength) {
      signal.throwIfAborted();
      const chunk = readAt(file.descriptor, position, chunkLength);
      if (chunk.length === 0) break;
      await settled(transform, (done) => transform.write(chunk, done));
    }
    if (!state.ended) await settled(transform, (done) => transform.once('end', done).end());
  } finally {
    transform.destroy();
  }
}

/** Until `act` calls back, or nothing more can come of the transform. */
function settled(transform: Transform, act: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      transform.off('error', done).off('close', done);
      resolve();
    };
    transform.on('error', done).on('close', done);
    act(done);
  });
}

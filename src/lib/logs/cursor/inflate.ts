import { readAt } from './stored-file.ts';
import type { StoredFile } from './stored-file.ts';

const chunkLength = 64 * 1024;

/**
 * Hands the uncompressed bytes of a gzip or zstd file to `take`, chunk by chunk, until that answers false or they end.
 * They are the bytes that a search of the file gets, so that offsets mean the same. What is behind a cut or a damage is
 * taken for the end: a file that is still being written has no other. Memory is a few chunks, whatever the file says of
 * itself. Rejects with the signal's reason when that is aborted.
 */
export async function inflate(file: StoredFile, take: (chunk: Buffer) => boolean, signal: AbortSignal): Promise<void> {
  const { decompress } = await import('../source/decompress.ts');
  const format = file.kind === 'gzip' ? 'gzip' : 'zstd';
  const open = () => readWhole(file, signal);
  const chunks = decompress(format, { name: file.path, signal, open, isRepeatable: true });
  for await (const chunk of chunks) if (!take(chunk)) return;
}

async function* readWhole({ descriptor }: StoredFile, signal: AbortSignal): AsyncGenerator<Buffer, undefined, void> {
  for (let position = 0; ; position += chunkLength) {
    signal.throwIfAborted();
    const chunk = readAt(descriptor, position, chunkLength);
    if (chunk.length === 0) return undefined;
    yield chunk;
  }
}

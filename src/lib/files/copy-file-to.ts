import { closeSync, constants, openSync, readSync } from 'node:fs';
import { systemFailure } from './system-failure.ts';

/** Writes a file piece by piece, up to its present end. Throws UserError when it cannot be read. */
export async function copyFileTo(
  path: string,
  write: (chunk: Buffer) => Promise<void> | undefined,
  signal: AbortSignal,
): Promise<void> {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw systemFailure(`cannot read '${path}'`, error);
  }
  try {
    for (;;) {
      signal.throwIfAborted();
      // A new one each time: a slow reader may still have the one before.
      const chunk = Buffer.alloc(65_536);
      const count = readSync(descriptor, chunk, 0, chunk.length, null);
      if (count === 0) return;
      await write(chunk.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}

import { writeSync } from 'node:fs';
import type { Output } from './runtime.ts';

const retryMilliseconds = 5;

/**
 * Writes to a descriptor at once, in order. For files and terminals, which never make us wait for long: they need none
 * of the 2 ms that a stream costs. A pipe has to be non-blocking, or its reader decides when signals are noticed.
 */
export function descriptorWriter(
  descriptor: number,
  failure: (error: unknown) => unknown,
): Pick<Output, 'write' | 'flush'> {
  // What waits for room; nothing may be written before it.
  let pending: Promise<void> | undefined;

  const writeFrom = (bytes: Uint8Array, start: number): Promise<void> | undefined => {
    let at = start;
    try {
      while (at < bytes.length) at += writeSync(descriptor, bytes, at);
      return undefined;
    } catch (error) {
      // Non-blocking and full: a pipe, or a terminal that somebody else made so.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return Promise.reject(failure(error));
      const room = new Promise<void>((resolve) => setTimeout(resolve, retryMilliseconds));
      return room.then(() => writeFrom(bytes, at));
    }
  };

  return {
    write(chunk) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      const written = pending === undefined ? writeFrom(bytes, 0) : pending.then(() => writeFrom(bytes, 0));
      if (written === undefined) return undefined;
      pending = written;
      const forget = () => {
        if (pending === written) pending = undefined;
      };
      written.then(forget, forget);
      return written;
    },
    flush: () => pending ?? Promise.resolve(),
  };
}

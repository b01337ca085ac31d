import type { Readable } from 'node:stream';
import { UserError } from '../errors/user-error.ts';
import { formatSize } from '../quantity/size.ts';
import { systemFailure } from './system-failure.ts';

/**
 * All bytes of a stream, which is closed in the end. Throws UserError, with `source` in its words, when it cannot be
 * read or has more than `limitBytes`, and the signal's own reason when that is aborted meanwhile.
 */
export function readBounded(
  stream: Readable,
  limitBytes: number,
  signal: AbortSignal,
  source = 'standard input',
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;

    function end(settle: () => void): void {
      signal.removeEventListener('abort', onAbort);
      stream.off('data', onData);
      settle();
      // The listener for errors stays: some streams have one more when they are closed.
      stream.destroy();
    }

    function onAbort(): void {
      end(() => {
        reject(signal.reason as Error);
      });
    }

    function onData(chunk: Buffer | string): void {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      length += bytes.length;
      chunks.push(bytes);
      if (length > limitBytes) end(() => reject(tooLarge(source, limitBytes)));
    }

    stream.on('error', (error) => {
      end(() => reject(systemFailure(`cannot read ${source}`, error)));
    });
    // Somebody closed it before its end: what came so far is not all.
    stream.on('close', () => {
      end(() => reject(new UserError(`cannot read ${source}: it was closed before its end`)));
    });
    stream.on('end', () => {
      end(() => resolve(Buffer.concat(chunks, length)));
    });
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort);
    stream.on('data', onData);
  });
}

function tooLarge(source: string, limitBytes: number): UserError {
  return new UserError(`cannot read ${source}: it is larger than ${formatSize(limitBytes)}`, {
    hints: ['check that it is the right file'],
  });
}

import type { Readable } from 'node:stream';
import type { Output } from '../runtime.ts';
import { printable } from './printable.ts';

/** Asks a yes-or-no question on the terminal. Anything but y or yes is no; so is the end of the input. */
export async function askYesNo(
  stdin: Readable,
  stderr: Output,
  question: string,
  signal: AbortSignal,
): Promise<boolean> {
  await stderr.write(`${printable(question)} [y/N] `);
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: stdin, terminal: false });
  const { promise: answer, resolve, reject } = Promise.withResolvers<string>();
  const abort = () => reject(signal.reason);
  try {
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    stdin.once('error', reject);
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
    return /^y(es)?$/i.test((await answer).trim());
  } finally {
    signal.removeEventListener('abort', abort);
    stdin.removeListener('error', reject);
    lines.close();
    stdin.pause();
  }
}

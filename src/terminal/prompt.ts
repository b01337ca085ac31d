import type { Readable } from 'node:stream';
import { printable } from '../lib/text/printable.ts';
import type { Output } from '../runtime.ts';

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
    // readline hands an error of its input on as its own, and one that nobody hears ends the process.
    lines.once('error', reject);
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
    return /^y(es)?$/i.test((await answer).trim());
  } finally {
    signal.removeEventListener('abort', abort);
    lines.close();
    stdin.pause();
  }
}

import type { Readable } from 'node:stream';
import type { Output } from '../runtime.ts';

/** Asks a yes-or-no question on the terminal. Anything but y or yes is no; so is the end of the input. */
export async function askYesNo(
  stdin: Readable,
  stderr: Output,
  question: string,
  signal: AbortSignal,
): Promise<boolean> {
  await stderr.write(`${question} [y/N] `);
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: stdin, terminal: false });
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
    stdin.pause();
  }
}

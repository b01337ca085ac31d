import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { UserError } from './lib/errors/user-error.ts';
import { systemFailure } from './lib/files/system-failure.ts';
import { maximumSummaryBytes } from './output/markdown.ts';

/**
 * Appends to the file that GitHub Actions shows as the summary of a step, GITHUB_STEP_SUMMARY: others of the same step
 * write there too. `render` is given the bytes that there is room for and answers '' when that is not enough. Throws
 * UserError.
 */
export function appendStepSummary(path: string, render: (room: number) => string): void {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK a named pipe would wait for its reader, fifo(7).
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
    descriptor = openSync(path, flags, 0o644);
    const file = fstatSync(descriptor);
    if (!file.isFile()) throw new UserError('it is no file');
    // An empty line ends whatever was begun there, such as a table.
    const before = file.size === 0 ? '' : '\n\n';
    const text = render(maximumSummaryBytes - file.size - before.length);
    if (text === '') throw new UserError('it is full, for GitHub drops one of more than 1 MiB');
    const bytes = Buffer.from(before + text);
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  } catch (error) {
    throw systemFailure(`cannot write the step summary ${path}`, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { systemFailure } from '../files/system-failure.ts';
import { historyFile } from './history-files.ts';
import type { JobRun } from './job-run.ts';

/** Of a line, its end included. More could be torn by another writer, and would be no line for people. */
const longestLine = 64 * 1024;
/** Of a field that others fill. */
const longestText = 2000;
const mostAttempts = 10;

/**
 * Adds a run to the history in `folder`, which is there: one line by one write, which the kernel keeps apart from those
 * of other writers (O_APPEND, open(2)). It survives a kill -9, and a power cut some seconds later. The torn line that a
 * full disk has left behind is closed first.
 *
 * Answers with the bytes that the file has now. Throws UserError when it cannot be written.
 */
export function appendRun(folder: string, run: JobRun): number {
  const path = join(folder, historyFile);
  const line = Buffer.from(formatRun(run));
  if (line.length > longestLine) throw new RangeError(`a run of ${line.length} bytes is too long for the history`);
  try {
    // A rotation may have removed the file that we had just opened.
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const { size, nlink } = append(path, line);
      if (nlink > 0) return size;
    }
    return 0;
  } catch (error) {
    const hint = `see what is there: ls -ld '${path}'; df -h '${folder}'`;
    throw systemFailure(`cannot write the history '${path}'`, error, [hint]);
  }
}

function formatRun(run: JobRun): string {
  const short = { ...run, ended: run.ended.slice(0, longestText) };
  if (run.heldBy !== undefined) short.heldBy = run.heldBy.slice(0, longestText);
  return `${JSON.stringify(short)}\n`;
}

function append(path: string, line: Buffer): Stats {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const descriptor = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const bytes = endsInLine(descriptor) ? line : Buffer.concat([Buffer.from('\n'), line]);
    const written = writeSync(descriptor, bytes);
    if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes could be written`);
    return fstatSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function endsInLine(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  // Nothing is read where the file became shorter.
  return readSync(descriptor, last, 0, 1, size - 1) === 0 || last[0] === 0x0a;
}

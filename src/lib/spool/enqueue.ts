import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { replaceFile } from '../files/replace-file.ts';
import { formatEntry, largestEntry } from './entry-file.ts';
import type { SpoolEntry } from './entry.ts';
import { entryFileName, listEntries } from './list-entries.ts';
import { waitingFolder } from './spool-folder.ts';

const mostWaiting = 10_000;

/**
 * Puts an entry into the spool, a folder that openSpool made. When it returns the entry survives a kill -9 and a power
 * cut, so this comes before anything is sent. The same id again takes the place of the first.
 *
 * Throws UserError when it cannot be written, is larger than 40 MiB, or 10,000 are waiting already: an alert for each
 * minute of a week, of which nobody would read one.
 */
export function enqueue(folder: string, entry: SpoolEntry): void {
  const name = entryFileName(entry.id);
  const text = formatEntry(entry);
  if (Buffer.byteLength(text) > largestEntry) {
    throw new UserError(`cannot keep the message to '${entry.to}': it is larger than 40 MiB`, {
      hints: ['attach less'],
    });
  }
  const waiting = waitingFolder(folder);
  if (listEntries(waiting).names.length >= mostWaiting) {
    throw new UserError(`cannot keep the message to '${entry.to}': ${mostWaiting} are waiting in '${waiting}'`, {
      hints: ['deliver them, and see why that fails: devops notify flush'],
    });
  }
  replaceFile(join(waiting, name), text);
}

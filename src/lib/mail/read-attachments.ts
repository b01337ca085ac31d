import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { readBounded } from '../files/read-bounded.ts';
import { systemFailure } from '../files/system-failure.ts';
import { quoted } from '../text/quoted.ts';

/**
 * The files that go along, whole, one after the other. A pipe such as /dev/fd/63 is read to its end. Throws UserError
 * for the first that cannot be read, or when they have more than `mostBytes` together.
 */
export async function readAttachments(
  paths: readonly string[],
  mostBytes: number,
  signal: AbortSignal,
): Promise<{ name: string; bytes: Buffer }[]> {
  const read: { name: string; bytes: Buffer }[] = [];
  let left = mostBytes;
  for (const path of paths) {
    const what = `the attachment ${quoted(path)}`;
    if (isFolder(path, what)) throw new UserError(`${what} is a folder`, { hints: ['attach an archive of it'] });
    const bytes = await readBounded(createReadStream(path), left, signal, what);
    left -= bytes.length;
    read.push({ name: basename(path), bytes });
  }
  return read;
}

function isFolder(path: string, what: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw systemFailure(`cannot read ${what}`, error);
  }
}

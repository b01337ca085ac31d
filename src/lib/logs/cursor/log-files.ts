import { closeSync } from 'node:fs';
import { UserError } from '../../errors/user-error.ts';
import { readHead } from './content.ts';
import type { FileMark } from './file-cursor.ts';
import { isSameFile, isUntouched } from './file-identity.ts';
import type { Candidate } from './compare-mark.ts';
import type { Listed, Listing } from './snapshot.ts';
import { openStored } from './stored-file.ts';

/** One file of the log, the oldest first. */
export interface LogFile {
  listed: Listed;
  isCurrent: boolean;
  /** Set when it was opened to be looked into. */
  candidate?: Candidate;
  /** Index of the mark of a file that nobody touched since: it was not opened. */
  untouched?: number;
  /** Why it cannot be looked into. */
  problem?: string;
}

/**
 * The files that matter: all that is newer than the newest one known to be untouched, for everything older than that
 * was delivered, and older ones that are known and were written since, by a program that did not notice the rotation.
 * Undefined when a file vanished meanwhile.
 */
export async function openLogFiles(
  listing: Listing,
  marks: readonly FileMark[],
  signal: AbortSignal,
): Promise<LogFile[] | undefined> {
  const files: LogFile[] = [];
  const wanted = [...listing.siblings, ...(listing.current === undefined ? [] : [listing.current])];
  let isOlder = false;
  try {
    for (const listed of wanted.toReversed()) {
      const isCurrent = listed === listing.current;
      const known = marks.findIndex(({ identity }) => isSameFile(identity, listed.identity));
      const mark = marks[known];
      if (isOlder && mark === undefined) continue;
      if (!isCurrent && mark !== undefined && mark.isComplete && isUntouched(mark.identity, listed.identity)) {
        // Of which something was left, an older one may be compressed by now and known by its content only.
        isOlder ||= marks.slice(0, known).every(({ isComplete }) => isComplete);
        files.push({ listed, isCurrent, untouched: known });
        continue;
      }
      const file = await openLogFile(listed, isCurrent, signal);
      if (file === undefined) {
        closeLogFiles(files);
        return undefined;
      }
      files.push(file);
    }
  } catch (error) {
    closeLogFiles(files);
    throw error;
  }
  return files.toReversed();
}

async function openLogFile(listed: Listed, isCurrent: boolean, signal: AbortSignal): Promise<LogFile | undefined> {
  let file;
  try {
    file = openStored(listed.path);
  } catch (error) {
    // One old file that is not readable must not hide what is new in the others.
    if (isCurrent || !(error instanceof UserError)) throw error;
    return { listed, isCurrent, problem: error.message };
  }
  if (file === undefined) return undefined;
  try {
    const head = await readHead(file, signal);
    const opened: LogFile = { listed, isCurrent, candidate: { file, isCurrent, head } };
    if (file.kind === 'unknown') opened.problem = 'is compressed in a way that is not looked into';
    return opened;
  } catch (error) {
    closeSync(file.descriptor);
    throw error;
  }
}

export function closeLogFiles(files: readonly LogFile[]): void {
  for (const { candidate } of files) if (candidate !== undefined) closeSync(candidate.file.descriptor);
}

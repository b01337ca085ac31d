import { isContinued } from './content.ts';
import type { FileMark } from './file-cursor.ts';
import { isSameFile } from './file-identity.ts';
import { closeLogFiles } from './log-files.ts';
import type { LogFile } from './log-files.ts';

/**
 * Takes the newest sibling out of the files when it is a copy of the followed file that is just being made, or that the
 * truncation has not followed yet: what it holds comes from the followed file, and comes only once. It stays unknown,
 * so that the next run finds the position in it.
 */
export async function leaveOutCopy(files: LogFile[], marks: readonly FileMark[], signal: AbortSignal): Promise<void> {
  const [sibling, current] = files.slice(-2);
  if (sibling === undefined || current?.isCurrent !== true) return;
  if (marks.some(({ identity }) => isSameFile(identity, sibling.listed.identity))) return;
  if (!(await isUnfinishedCopy(sibling, current, signal))) return;
  closeLogFiles(files.splice(-2, 1));
}

async function isUnfinishedCopy(sibling: LogFile, current: LogFile, signal: AbortSignal): Promise<boolean> {
  const [copy, original] = [sibling.candidate?.file, current.candidate?.file];
  // A compressed file gets its name, in all usual ways, when the original is gone.
  if (copy?.kind !== 'plain' || original?.kind !== 'plain') return false;
  // What was born before the followed file was not copied from it but renamed.
  const [born, since] = [BigInt(copy.identity.birthtime), BigInt(original.identity.birthtime)];
  if (born !== 0n && since !== 0n && born < since) return false;
  return isContinued(original, copy, 0, signal);
}

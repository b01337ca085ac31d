import { alignMarks } from './align-marks.ts';
import { compareMark } from './compare-mark.ts';
import type { Fit } from './compare-mark.ts';
import { isContinued } from './content.ts';
import type { FileMark } from './file-cursor.ts';
import { isSameFile } from './file-identity.ts';
import type { LogFile } from './log-files.ts';

/** Which file continues what a mark tells. */
export interface Pair {
  mark: FileMark;
  /** Whether nothing follows what was delivered. */
  atEnd: boolean;
}

const untouched: Fit = { score: 8, atEnd: true };
const none: Fit = { score: 0, atEnd: false };

/** The mark of each file, by the file's index. */
export async function pairMarks(
  marks: readonly FileMark[],
  files: readonly LogFile[],
  signal: AbortSignal,
): Promise<Map<number, Pair>> {
  const fits: Fit[][] = [];
  for (const [index, mark] of marks.entries()) {
    const row: Fit[] = [];
    for (const file of files) row.push(await fitOf(mark, index, file, marks.length - 1, signal));
    fits.push(row);
  }
  await preferCopy(marks, files, fits, signal);
  const scores = fits.map((row) => row.map(({ score }) => score));
  const pairs = new Map<number, Pair>();
  for (const [mark, file] of alignMarks(scores, files.length)) {
    pairs.set(file, { mark: marks[mark]!, atEnd: fits[mark]![file]!.atEnd });
  }
  return pairs;
}

async function fitOf(mark: FileMark, index: number, file: LogFile, newest: number, signal: AbortSignal): Promise<Fit> {
  if (file.untouched !== undefined) return file.untouched === index ? untouched : none;
  if (file.candidate === undefined) return isSameFile(mark.identity, file.listed.identity) ? untouched : none;
  return compareMark(mark, file.candidate, index === newest, signal);
}

/**
 * When the file was copied and truncated, and what was written since begins as before, both it and the copy fit, and
 * the inode speaks for the wrong one, be it still the followed path or renamed by now. A new sibling before it that fits
 * and is no other known file is the copy, unless the file still holds all of it: then it was not truncated (yet).
 */
async function preferCopy(
  marks: readonly FileMark[],
  files: readonly LogFile[],
  fits: readonly Fit[][],
  signal: AbortSignal,
): Promise<void> {
  const [newest, row] = [marks.at(-1), fits.at(-1)];
  if (newest === undefined || row === undefined || newest.offset === null) return;
  const same = files.findLastIndex(({ listed }) => isSameFile(listed.identity, newest.identity));
  const target = same < 0 ? files.length - 1 : same;
  const written = files[target]?.candidate;
  if (written === undefined || row[target]!.score === 0) return;
  for (const [index, { listed, candidate }] of files.slice(0, target).entries()) {
    if (candidate === undefined || row[index]!.score === 0) continue;
    if (marks.some(({ identity }) => isSameFile(identity, listed.identity))) continue;
    if (isOlder(marks, fits, index)) continue;
    if (await isContinued(written.file, candidate.file, newest.offset, signal)) continue;
    row[target] = none;
    return;
  }
}

/** Whether a file is one that was rotated before already: as complete as it was, or with more of what was expected. */
function isOlder(marks: readonly FileMark[], fits: readonly Fit[][], file: number): boolean {
  return fits.slice(0, -1).some((row, mark) => row[file]!.score > 0 && (row[file]!.atEnd || !marks[mark]!.isComplete));
}

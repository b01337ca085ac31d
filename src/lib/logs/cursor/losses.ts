import type { FileMark } from './file-cursor.ts';
import { isSameFile } from './file-identity.ts';
import type { Found } from './lay-out.ts';
import type { LogFile } from './log-files.ts';
import type { Loss } from './read-plan.ts';

/** What was there, or may have been, and cannot be delivered. `newest`: the newest file that has a mark, or -1. */
export function* lossesOf({ path, known, files, pairs, fromStart, isCut }: Found, newest: number): Generator<Loss> {
  const found = new Set(Array.from(pairs.values(), ({ mark }) => mark));
  for (const mark of known?.marks ?? []) {
    if (found.has(mark)) continue;
    const bytes = mark.kind !== 'plain' || mark.offset === null ? 0 : mark.identity.size - mark.offset;
    // A rotated file that was delivered whole may go.
    if (mark.isComplete && mark.path !== path) continue;
    yield { path: mark.path, ...(bytes > 0 ? { bytes } : {}), reason: reasonOf(mark, files) };
  }
  const isWanted = known === undefined ? fromStart : true;
  for (const [index, { listed, problem }] of files.entries()) {
    if (problem === undefined || index <= newest || !isWanted) continue;
    yield { path: listed.path, bytes: listed.identity.size, reason: problem };
  }
  if (isCut && newest < 0 && isWanted) yield { path, reason: 'has more rotated files than are looked at' };
}

function reasonOf(mark: FileMark, files: readonly LogFile[]): string {
  const there = files.find(({ listed }) => listed.path === mark.path);
  const rest = 'and no rotated file holds what was not delivered of it';
  if (there === undefined) return `was removed, ${rest}`;
  return `was ${isSameFile(there.listed.identity, mark.identity) ? 'truncated' : 'replaced'}, ${rest}`;
}

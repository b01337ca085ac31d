import { closeSync } from 'node:fs';
import { basename } from 'node:path';
import { isCompressedName } from '../cursor/rotated-names.ts';
import { listLog } from '../cursor/snapshot.ts';
import type { Listed } from '../cursor/snapshot.ts';
import { openFollowed } from './followed-file.ts';
import type { FollowedFile } from './followed-file.ts';

/** How far the clock of a filesystem is behind ours: it counts in ticks of up to 10 ms. */
const clockSlackMilliseconds = 100;
const mostAttempts = 3;

export interface RotatedSince {
  /** To be read from their start, the oldest first. */
  files: FollowedFile[];
  /** Names of those that were compressed before we came. */
  compressed: string[];
}

interface Question {
  path: string;
  longestLine: number;
  /** What the name meant when we looked at last. */
  last: FollowedFile;
  /** Milliseconds since 1970: when that was. */
  seenAt: number;
  isKnown(file: Listed): boolean;
}

/**
 * Files that had the name of a log and lost it again between two looks. They stand behind `last` in the order of
 * rotations, and were born since. Never throws: what cannot be listed or opened is not found.
 */
export function rotatedSince(question: Question): RotatedSince {
  for (let attempt = 1; ; attempt++) {
    const siblings = unknownSiblings(question);
    const plain = siblings.filter(({ path }) => !isCompressedName(path));
    const opened = plain.map((sibling) => openListed(sibling, question.longestLine));
    const files = opened.filter((file) => file !== undefined);
    // One was renamed in this very moment; its new name is in a listing made now.
    if (files.length === plain.length || attempt === mostAttempts) {
      const compressed = siblings.filter(({ path }) => isCompressedName(path)).map(({ path }) => basename(path));
      return { files, compressed };
    }
    for (const file of files) closeSync(file.descriptor);
  }
}

function unknownSiblings({ path, last, seenAt, isKnown }: Question): Listed[] {
  let siblings: readonly Listed[];
  try {
    ({ siblings } = listLog(path, undefined));
  } catch {
    return [];
  }
  const place = siblings.findIndex(({ identity }) => identity.inode === last.identity.inode);
  const bornAfter = BigInt(Math.floor(seenAt - clockSlackMilliseconds)) * 1_000_000n;
  return siblings
    .slice(place + 1)
    .filter((sibling) => BigInt(sibling.identity.birthtime) >= bornAfter && !isKnown(sibling))
    .filter((sibling) => place >= 0 || !isCompressedName(sibling.path));
}

function openListed({ path, identity }: Listed, longestLine: number): FollowedFile | undefined {
  try {
    const file = openFollowed(path, longestLine);
    if (file?.identity.inode === identity.inode) return file;
    if (file !== undefined) closeSync(file.descriptor);
  } catch {
    // The same as not to be there.
  }
  return undefined;
}

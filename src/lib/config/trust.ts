import { realpathSync, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { systemFailure } from '../files/system-failure.ts';

/**
 * Refuses a configuration that somebody else could have written: it names what root's cron jobs do. `stats` must be
 * those of the opened file, so that nobody can put another one in its place in between.
 */
export function requireTrusted(path: string, stats: BigIntStats, uid: number): void {
  const mode = Number(stats.mode & 0o7777n);
  const owner = Number(stats.uid);
  if (owner !== uid && owner !== 0) {
    const we = uid === 0 ? 'not to root' : `neither to us (user ${uid}) nor to root`;
    throw refusal(path, `it belongs to user ${owner}, ${we}`, `if you trust what it says: chown ${uid} '${path}'`);
  }
  if ((mode & 0o022) !== 0) {
    const who = (mode & 0o002) === 0 ? 'its group' : 'everybody';
    throw refusal(path, `${who} can write it (mode ${octal(mode)})`, `take that away: chmod go-w '${path}'`);
  }
  for (const { folder, folderMode } of foldersOf(path)) {
    // With the sticky bit, as /tmp has it, only the owner of a file can replace it.
    if ((folderMode & 0o1002) === 0o002) {
      const reason = `everybody can replace files in '${folder}' (mode ${octal(folderMode)})`;
      throw refusal(path, reason, `take that away: chmod o-w '${folder}'`);
    }
  }
}

/** The folder of the name, and that of the file when the name is a symbolic link. */
function foldersOf(path: string): { folder: string; folderMode: number }[] {
  try {
    const folders = new Set([dirname(path), dirname(realpathSync(path))]);
    return [...folders].map((folder) => ({ folder, folderMode: statSync(folder).mode & 0o7777 }));
  } catch (error) {
    throw systemFailure(`cannot read '${path}'`, error);
  }
}

function refusal(path: string, reason: string, hint: string): UserError {
  return new UserError(`will not use the configuration '${path}': ${reason}`, { code: 'permission', hints: [hint] });
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

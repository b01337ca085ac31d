import { lstatSync, mkdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';

/**
 * Makes a directory that only `uid`, our own user, may enter (0700, parents too), or accepts one that is there already
 * and that nobody else can change. Throws UserError `permission` when it belongs to somebody else, when others may
 * write into it or when it is a symbolic link that neither we nor root made.
 */
export function ensurePrivateDirectory(path: string, uid: number): void {
  const { link, directory } = makeAndLook(path);
  if (link.isSymbolicLink() && link.uid !== uid && link.uid !== 0) {
    throw refusal(path, `is a link that belongs to user ${link.uid}`, `remove it: rm '${path}'`);
  }
  if (!directory.isDirectory()) throw new UserError(`'${path}' is not a directory`);
  if (directory.uid !== uid) {
    throw refusal(path, `belongs to user ${directory.uid}, not to user ${uid}`, `see who made it: ls -ld '${path}'`);
  }
  if ((directory.mode & 0o022) !== 0) {
    throw refusal(path, 'can be written by others', `take that away: chmod go-w '${path}'`);
  }
}

function makeAndLook(path: string): { link: Stats; directory: Stats } {
  try {
    makeLevels(path);
    // With a slash at its end lstat would look through the link.
    return { link: lstatSync(path.replace(/(?<=.)\/+$/, '')), directory: statSync(path) };
  } catch (error) {
    throw systemFailure(`cannot make the directory '${path}'`, error, elsewhere(path));
  }
}

/** A home that cannot be written is usual for a service; what is below it by default may be kept somewhere else. */
function elsewhere(path: string): string[] {
  const [, base] = /\/(\.local\/state|\.cache)\/devops(?:\/|$)/.exec(path) ?? [];
  if (base === undefined) return [];
  return [`set ${base === '.cache' ? 'XDG_CACHE_HOME' : 'XDG_STATE_HOME'} to a directory that can be written`];
}

/** Node's own `recursive` never comes back from a path whose last level cannot be made, such as /proc/x. */
function makeLevels(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const name = systemErrorName(error);
    if (name === 'EEXIST') return;
    if (name !== 'ENOENT' || dirname(path) === path) throw error;
    makeLevels(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
}

function refusal(path: string, reason: string, hint: string): UserError {
  return new UserError(`will not use the directory '${path}': it ${reason}`, { code: 'permission', hints: [hint] });
}

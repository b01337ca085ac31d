import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { UserError } from '../errors/user-error.ts';

/** As many as the kernel follows, path_resolution(7). */
const mostLinks = 40;

/**
 * The file that a path means in the end, which need not exist; a path that is no symbolic link is returned as it is.
 *
 * In a folder such as /tmp, where everybody may put links, only those of the folder's owner are followed. Otherwise
 * anybody could point us at a file that only we may write. The kernel guards open(2) in the same way
 * (`fs.protected_symlinks`, proc_sys_fs(5)), but we replace the target instead of opening it.
 *
 * Throws UserError for a link that is not followed, and what node:fs throws for a path that cannot be looked at.
 */
export function followLinks(path: string): string {
  let current = path;
  for (let count = 0; count <= mostLinks; count++) {
    const target = linkTarget(current);
    if (target === undefined) return current;
    // Not path.join: it would drop `x/..` by the letter, and x may be a link itself.
    current = isAbsolute(target) ? target : `${dirname(current)}/${target}`;
  }
  throw new UserError(`cannot follow '${path}': more than ${mostLinks} symbolic links`);
}

function linkTarget(path: string): string | undefined {
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (link === undefined || !link.isSymbolicLink()) return undefined;
  const folder = lstatSync(`${dirname(path)}/.`);
  const isShared = (folder.mode & 0o1002) === 0o1002;
  if (!isShared || link.uid === folder.uid) return readlinkSync(path);
  throw new UserError(`will not follow the link '${path}': everybody may put links into that folder`, {
    code: 'permission',
    hints: ['name the file that it points to'],
  });
}

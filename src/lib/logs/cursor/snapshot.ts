import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';
import { identityOf } from './file-identity.ts';
import type { FileIdentity } from './file-identity.ts';
import { oldestFirst, rotationOf } from './rotated-names.ts';

/** A file that may hold lines of the log. */
export interface Listed {
  path: string;
  identity: FileIdentity;
}

/** All there is of a log at one moment, as the names say. */
export interface Listing {
  /** The oldest first. */
  siblings: readonly Listed[];
  /** Undefined while the followed path does not exist. */
  current: Listed | undefined;
  /** More siblings than are looked at. */
  isCut: boolean;
}

/** Each may have to be held open. */
const mostSiblings = 500;

/**
 * The followed path and its rotated siblings: those of its folder, and where it is a symbolic link those of the folder
 * that it points into, as Kubernetes and cronolog have it. Throws UserError when a folder cannot be listed.
 */
export function listLog(path: string, siblings: readonly string[] | undefined): Listing {
  const current = listed(path);
  if (current === undefined) requireNothing(path);
  const places = [path, ...(siblings === undefined ? targetOf(path) : [])];
  const paths = siblings ?? places.flatMap(siblingsIn);
  const found = [...new Set(paths)].flatMap((sibling) => {
    const file = listedSibling(sibling);
    // A second name of the followed file itself, as a link has it or a rotation half way through.
    if (file === undefined || (current !== undefined && isSameInode(file.identity, current.identity))) return [];
    const rotation = places.map((place) => rotationOf(basename(place), basename(sibling))).find((known) => known);
    return [{ file, rotation, modified: BigInt(file.identity.modified) }];
  });
  const plain = new Set(
    found.flatMap(({ file, rotation }) => (rotation?.compressed === false ? [slotOf(file, rotation.slot)] : [])),
  );
  // While gzip is at work both are there, and only the plain one is whole.
  const kept = found.filter(({ file, rotation }) => !rotation?.compressed || !plain.has(slotOf(file, rotation.slot)));
  const ordered = oldestFirst(kept).map(({ file }) => file);
  return { siblings: ordered.slice(-mostSiblings), current, isCut: ordered.length > mostSiblings };
}

/** Whether every name still means the file that it meant. */
export function isSameListing(one: Listing, other: Listing): boolean {
  const [left, right] = [one, other].map(({ siblings, current }) =>
    [...siblings, current].map((file) => `${file?.path}\0${file?.identity.device}\0${file?.identity.inode}`),
  );
  return left!.join('\0') === right!.join('\0');
}

function slotOf(file: Listed, slot: string): string {
  return join(dirname(file.path), slot);
}

function isSameInode(one: FileIdentity, other: FileIdentity): boolean {
  return one.device === other.device && one.inode === other.inode;
}

/** Undefined when it does not exist or is not a regular file. */
function listed(path: string): Listed | undefined {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats?.isFile() ? { path, identity: identityOf(stats) } : undefined;
  } catch (error) {
    throw systemFailure(`cannot look at '${path}'`, error);
  }
}

/** A link that leads in a circle, beside the log, must not hide the log. */
function listedSibling(path: string): Listed | undefined {
  try {
    return listed(path);
  } catch {
    return undefined;
  }
}

/** A named pipe or a device has no past to go back to. */
function requireNothing(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) return;
  const kind = stats.isDirectory() ? 'a folder' : 'not a regular file';
  throw new UserError(`cannot remember a position in '${path}': it is ${kind}`, { hints: ['name a log file'] });
}

function targetOf(path: string): string[] {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? [realpathSync(path)] : [];
  } catch {
    // A link to nothing has no folder to look into.
    return [];
  }
}

function siblingsIn(path: string): string[] {
  const [folder, base] = [dirname(path), basename(path)];
  try {
    return readdirSync(folder)
      .filter((name) => rotationOf(base, name) !== undefined)
      .map((name) => join(folder, name));
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return [];
    throw systemFailure(`cannot list '${folder}'`, error);
  }
}

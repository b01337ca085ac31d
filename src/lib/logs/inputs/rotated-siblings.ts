import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { rotationOf } from '../cursor/rotated-names.ts';
import type { SourceProblem } from '../source/source-problem.ts';
import { sortByBytes } from './byte-order.ts';
import { entryProblem } from './entry-problem.ts';
import type { FoundLog } from './find-logs.ts';
import { groupRotations, oldestLogsFirst } from './group-rotations.ts';
import type { RotatedLog } from './group-rotations.ts';
import { logOf } from './look-at.ts';
import type { Turns } from './turns.ts';

export interface RotatedSiblingsOptions {
  /** Of base names; what was named itself is not asked. */
  isExcluded: (name: string) => boolean;
  turns: Turns;
  onProblem: (problem: SourceProblem) => void;
}

/** The rotated siblings of files that were named. */
export interface RotatedSiblings {
  /** Of a named log, the oldest first. Each sibling stands with one log only. */
  of: Map<FoundLog, FoundLog[]>;
  /** Named logs that are among the siblings of another one, or another name of it. */
  absorbed: Set<FoundLog>;
}

/** Where a log, or what its symbolic link points to, has its siblings. */
interface Place {
  owner: FoundLog;
  /** What stands in front of the names in this directory; with a slash at the end. */
  name: string;
  path: string;
}

interface Directory {
  /** By base name. */
  places: Map<string, Place>;
  named: Map<string, FoundLog[]>;
}

interface Sibling extends RotatedLog {
  /** Where it was named itself. */
  named: readonly FoundLog[];
  /** Device and inode. */
  inode: string;
  /** Its path without the suffix of a compression, which is the same while it is being compressed. */
  slot: string;
}

/**
 * Finds the rotated siblings of regular files that were named: in their directory, and where one is a symbolic link
 * also in the directory that it points into, as Kubernetes and cronolog have it. Each directory is read once, however
 * many of its files are named. Left out are other names of the log itself, and a compressed copy beside its whole
 * original, unless it was named.
 */
export async function findRotatedSiblings(
  named: readonly FoundLog[],
  options: RotatedSiblingsOptions,
): Promise<RotatedSiblings> {
  const found = new Map<FoundLog, Sibling[]>();
  for (const directory of placesOf(named, options).values()) {
    for (const [owner, siblings] of await siblingsIn(directory, options)) {
      found.set(owner, [...(found.get(owner) ?? []), ...siblings]);
    }
  }
  const absorbed = new Set<FoundLog>();
  const of = new Map<FoundLog, FoundLog[]>();
  for (const [owner, siblings] of found) {
    // A named one that has siblings of its own, behind a link, stays where it was named.
    const own = siblings.filter((sibling) => !sibling.named.some((log) => found.has(log)));
    for (const log of own.flatMap((sibling) => sibling.named)) absorbed.add(log);
    of.set(owner, inOrder(owner, own));
  }
  return { of, absorbed };
}

/** By the real path of the directory. */
function placesOf(named: readonly FoundLog[], { onProblem }: RotatedSiblingsOptions): Map<string, Directory> {
  const directories = new Map<string, Directory>();
  const realPaths = new Map<string, string>();
  const directoryAt = (path: string): Directory => {
    const directory = directories.get(path) ?? { places: new Map(), named: new Map() };
    directories.set(path, directory);
    return directory;
  };
  const links: [FoundLog, string][] = [];
  for (const owner of named) {
    const [path, base] = split(owner.path);
    try {
      const real = realPaths.get(path) ?? realpathSync.native(path);
      realPaths.set(path, real);
      const { places, named: namedHere } = directoryAt(real);
      if (!places.has(base)) places.set(base, { owner, path, name: split(owner.name)[0] });
      const same = namedHere.get(base);
      if (same === undefined) namedHere.set(base, [owner]);
      else same.push(owner);
      if (lstatSync(owner.path).isSymbolicLink()) links.push([owner, realpathSync.native(owner.path)]);
    } catch (error) {
      onProblem(entryProblem(owner.name, error));
    }
  }
  for (const [owner, target] of links) {
    const [path, base] = split(target);
    const { places } = directoryAt(path === '/' ? path : path.slice(0, -1));
    if (!places.has(base)) places.set(base, { owner, path, name: path });
  }
  return directories;
}

async function siblingsIn(
  { places, named }: Directory,
  { isExcluded, turns, onProblem }: RotatedSiblingsOptions,
): Promise<Map<FoundLog, Sibling[]>> {
  const found = new Map<FoundLog, Sibling[]>();
  // All places of one directory lead to it.
  const [first] = places.values();
  let names: string[];
  try {
    names = sortByBytes(readdirSync(first!.path));
  } catch (error) {
    const name = first!.name.length > 1 ? first!.name.slice(0, -1) : first!.name;
    onProblem(entryProblem(name === '' ? '.' : name, error));
    return found;
  }
  for (const [of, bases] of groupRotations(names, (name) => places.has(name))) {
    const place = places.get(of)!;
    const siblings = found.get(place.owner) ?? [];
    found.set(place.owner, siblings);
    for (const base of bases) {
      if (turns.isDue()) await turns.take();
      const namedHere = named.get(base) ?? [];
      if (namedHere.length === 0 && isExcluded(base)) continue;
      const [name, path] = [place.name + base, place.path + base];
      try {
        // Followed, as the log itself is. Numbers of inodes may be larger than what a number holds exactly.
        const stats = statSync(path, { bigint: true });
        if (!stats.isFile()) continue;
        const log =
          namedHere[0] ?? logOf(name, path, { size: Number(stats.size), mtimeMs: Number(stats.mtimeNs) / 1e6 });
        const rotation = rotationOf(of, base);
        siblings.push({
          rotation,
          log: { ...log, isRotated: true },
          named: namedHere,
          inode: `${stats.dev}:${stats.ino}`,
          slot: place.path + (rotation?.slot ?? base),
        });
      } catch (error) {
        onProblem(entryProblem(name, error));
      }
    }
  }
  return found;
}

function inOrder(owner: FoundLog, siblings: readonly Sibling[]): FoundLog[] {
  const stats = statSync(owner.path, { bigint: true, throwIfNoEntry: false });
  const inodes = new Set([`${stats?.dev}:${stats?.ino}`]);
  const plain = new Set(siblings.flatMap(({ rotation, slot }) => (rotation?.compressed === true ? [] : [slot])));
  const kept = siblings.filter(({ inode, rotation, slot, named }) => {
    if (inodes.has(inode) || (rotation?.compressed === true && plain.has(slot) && named.length === 0)) return false;
    inodes.add(inode);
    return true;
  });
  return oldestLogsFirst(kept);
}

/** The directory with its slash, empty when there is none, and the name in it. */
function split(path: string): [string, string] {
  const at = path.lastIndexOf('/') + 1;
  return [path.slice(0, at), path.slice(at)];
}

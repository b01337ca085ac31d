import { lstatSync, readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { rotationOf } from '../cursor/rotated-names.ts';
import type { SourceProblem } from '../source/source-problem.ts';
import { below } from './below.ts';
import { sortByBytes } from './byte-order.ts';
import { entryProblem } from './entry-problem.ts';
import type { FoundLog } from './find-logs.ts';
import { groupRotations, oldestLogsFirst } from './group-rotations.ts';
import { logOf } from './look-at.ts';
import type { FoundDirectory } from './look-at.ts';
import type { Turns } from './turns.ts';

export interface SearchDirectoryOptions {
  /** Of base names of files. */
  isIncluded: (name: string) => boolean;
  /** Of base names of files and directories. */
  isExcluded: (name: string) => boolean;
  /** Rotated files stand before their log, oldest first, and are there when only the log is included. */
  rotated: boolean;
  turns: Turns;
  /** Called for each directory below and each file, in the order of the search. */
  onDirectory: (directory: FoundDirectory) => void;
  onLog: (log: FoundLog) => void;
  onProblem: (problem: SourceProblem) => void;
}

interface Entry {
  base: string;
  found: FoundDirectory | FoundLog;
}

/**
 * All regular files of a directory, hidden ones too, depth first, sorted by the bytes of their names. Symbolic links are
 * followed only to files outside of it, unlike in `grep -r`, so there are no loops and nothing is there twice; FIFOs, sockets and devices are left out. What cannot be read is
 * told, and the rest goes on. 100,000 files take 0.4 s of processor time, two thirds of it in readdir and lstat. There
 * is no recursion: the length of a path, 4096 bytes on Linux, bounds the depth, and what is deeper is told as well.
 */
export async function searchDirectory(start: FoundDirectory, options: SearchDirectoryOptions): Promise<void> {
  const pending: (FoundDirectory | FoundLog)[] = [start];
  const root = realpathSync(start.path);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (isLog(next)) {
      options.onLog(next);
      continue;
    }
    options.onDirectory(next);
    const entries = arrange(await listDirectory(next, root, options), options);
    for (let index = entries.length - 1; index >= 0; index--) pending.push(entries[index]!);
  }
}

async function listDirectory(
  directory: FoundDirectory,
  root: string,
  options: SearchDirectoryOptions,
): Promise<Entry[]> {
  const { turns } = options;
  if (turns.isDue()) await turns.take();
  let names: string[];
  try {
    names = sortByBytes(readdirSync(directory.path));
  } catch (error) {
    options.onProblem(entryProblem(directory.name === '' ? '.' : directory.name, error));
    return [];
  }
  const entries: Entry[] = [];
  for (const base of names) {
    if (turns.isDue()) await turns.take();
    if (options.isExcluded(base)) continue;
    const [name, path] = [below(directory.name, base), below(directory.path, base)];
    try {
      const stats = lstatSync(path);
      if (stats.isDirectory()) entries.push({ base, found: { name, path } });
      else if (stats.isFile()) entries.push({ base, found: logOf(name, path, stats) });
      else if (stats.isSymbolicLink()) {
        const target = fileOutside(path, root);
        if (target !== undefined) entries.push({ base, found: logOf(name, path, target) });
      }
    } catch (error) {
      options.onProblem(entryProblem(name, error));
    }
  }
  return entries;
}

/**
 * The file that a link leads to out of the directory that is searched, as those of /var/log/containers do; a file within
 * it is found by its own name. Undefined for all other links.
 */
function fileOutside(path: string, root: string): Stats | undefined {
  try {
    const stats = statSync(path);
    const isWithin = realpathSync(path).startsWith(root === '/' ? root : `${root}/`);
    return stats.isFile() && !isWithin ? stats : undefined;
  } catch {
    // It leads nowhere.
    return undefined;
  }
}

/** What is searched of a directory, in order. */
function arrange(entries: readonly Entry[], options: SearchDirectoryOptions): (FoundDirectory | FoundLog)[] {
  const rotated = options.rotated ? rotatedLogs(entries, options.isIncluded) : new Map<string, FoundLog[]>();
  const behind = new Set([...rotated.values()].flat());
  const arranged: (FoundDirectory | FoundLog)[] = [];
  for (const { base, found } of entries) {
    if (!isLog(found)) arranged.push(found);
    else if (!behind.has(found) && options.isIncluded(base)) {
      for (const sibling of rotated.get(base) ?? []) arranged.push(sibling);
      arranged.push(found);
    }
  }
  return arranged;
}

/** The rotated files of each log, the oldest first. */
function rotatedLogs(entries: readonly Entry[], isIncluded: (name: string) => boolean): Map<string, FoundLog[]> {
  const logs = new Map<string, FoundLog>();
  for (const { base, found } of entries) if (isLog(found)) logs.set(base, found);
  const groups = groupRotations([...logs.keys()], (name) => logs.has(name) && isIncluded(name));
  const ordered = new Map<string, FoundLog[]>();
  for (const [base, names] of groups) {
    const rotated = names.map((name) => ({ log: logs.get(name)!, rotation: rotationOf(base, name) }));
    for (const { log } of rotated) log.isRotated = true;
    ordered.set(base, oldestLogsFirst(rotated));
  }
  return ordered;
}

function isLog(found: FoundDirectory | FoundLog): found is FoundLog {
  return 'kind' in found;
}

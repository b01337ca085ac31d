import { realpathSync } from 'node:fs';
import type { SourceProblem } from '../source/source-problem.ts';
import { below } from './below.ts';
import type { FoundLog, Search } from './find-logs.ts';
import type { FoundDirectory } from './look-at.ts';
import { compileNameGlob } from './name-glob.ts';
import { findRotatedSiblings } from './rotated-siblings.ts';
import { searchDirectory } from './search-directory.ts';

/** What a word means. `visited` has the names that were searched for the same glob, which are not searched again. */
export type NamedInput = ({ log: FoundLog } | { directory: FoundDirectory }) & { visited?: Set<string> };

/**
 * The files that were named, their rotated siblings and the files of directories, in the order in which they are
 * searched.
 */
export async function collectLogs(
  named: readonly NamedInput[],
  { options, turns, problems }: Search,
): Promise<FoundLog[]> {
  const shared = {
    isIncluded: options.include.length === 0 ? () => true : fitsAny(options.include),
    isExcluded: fitsAny(options.exclude),
    rotated: options.rotated,
    turns,
    onProblem: (problem: SourceProblem) => void problems.push(problem),
  };
  const files = named.flatMap((each) => ('log' in each && each.log.kind === 'file' ? [each.log] : []));
  const siblings = options.rotated ? await findRotatedSiblings(files, shared) : undefined;
  const logs: FoundLog[] = [];
  // Real paths, so that no sibling is searched for its log and again for its directory.
  const besideLogs = new Set<string>();
  const inDirectories = new Set<string>();

  function addFamily(log: FoundLog, visited: ReadonlySet<string> | undefined): void {
    const isVisited = visited?.has(log.name) === true;
    for (const sibling of siblings?.of.get(log) ?? []) {
      const path = realPath(sibling.path);
      const isThere = besideLogs.has(path) || inDirectories.has(path) || isVisited;
      if (visited?.has(sibling.name) === true || (isThere && !sibling.isNamed)) continue;
      besideLogs.add(path);
      logs.push(sibling);
    }
    if (!isVisited) logs.push(log);
  }

  async function addDirectory(directory: FoundDirectory, visited: Set<string> | undefined): Promise<void> {
    if (visited?.has(withoutSlash(directory.name)) === true) return;
    const real = options.rotated ? realPath(directory.path) : '';
    const prefix = withoutSlash(directory.path).length;
    await searchDirectory(directory, {
      ...shared,
      onDirectory: ({ name }) => void visited?.add(withoutSlash(name)),
      onLog: (log) => {
        visited?.add(log.name);
        if (options.rotated) {
          const path = below(real, log.path.slice(prefix).replace(/^\/+/, ''));
          if (besideLogs.has(path)) return;
          inDirectories.add(path);
        }
        logs.push(log);
      },
    });
  }

  for (const each of named) {
    if ('directory' in each) await addDirectory(each.directory, each.visited);
    else if (siblings?.absorbed.has(each.log) !== true) addFamily(each.log, each.visited);
  }
  return logs;
}

function fitsAny(globs: readonly string[]): (name: string) => boolean {
  // A slash at the end, as it is often typed for directories, is no part of a name.
  const compiled = globs.map((glob) => compileNameGlob(withoutSlash(glob)));
  return (name) => compiled.some(({ fits }) => fits(name));
}

/** Without symbolic links; as it stands when it is gone by now. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** Without slashes at its end. */
function withoutSlash(path: string): string {
  let end = path.length;
  while (path.endsWith('/', end)) end--;
  return path.slice(0, end);
}

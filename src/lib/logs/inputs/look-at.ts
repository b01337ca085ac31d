import { statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import type { SourceProblem } from '../source/source-problem.ts';
import { deviceKind } from './device-kind.ts';
import { entryProblem } from './entry-problem.ts';
import type { FoundLog } from './find-logs.ts';

/** A directory that is searched. */
export interface FoundDirectory {
  /** As typed, or below a directory as typed. */
  name: string;
  /** Absolute. */
  path: string;
}

/** What a name leads to. */
export type Named =
  | { kind: 'log'; log: FoundLog }
  | { kind: 'directory'; directory: FoundDirectory }
  | { kind: 'problem'; problem: SourceProblem };

/** What is named, symbolic links followed. Nothing is opened. */
export function lookAt(name: string, path: string): Named {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    return { kind: 'problem', problem: entryProblem(name, error) };
  }
  if (stats.isDirectory()) return { kind: 'directory', directory: { name, path } };
  const kind = kindOf(stats);
  if (kind !== 'endless') {
    const { size, mtimeMs } = stats;
    const log = logOf(name, path, { size: kind === 'file' ? size : 0, mtimeMs });
    return { kind: 'log', log: { ...log, kind, isNamed: true } };
  }
  const what = 'it is a device that may never end';
  const hint = `\`devops logs-grep PATTERN < ${name}\` reads it all the same`;
  return { kind: 'problem', problem: { code: 'unreadable', message: `cannot read ${name}: ${what}`, hint } };
}

/** A regular file that was found in a directory. */
export function logOf(name: string, path: string, stats: Pick<Stats, 'size' | 'mtimeMs'>): FoundLog {
  return {
    name,
    path,
    kind: 'file',
    isNamed: false,
    size: stats.size,
    modifiedSeconds: stats.mtimeMs / 1000,
    isRotated: false,
  };
}

function kindOf(stats: Stats): FoundLog['kind'] | 'endless' {
  if (stats.isFile()) return 'file';
  if (stats.isFIFO() || stats.isSocket()) return 'pipe';
  if (!stats.isCharacterDevice()) return 'endless';
  const kind = deviceKind(stats);
  return kind === 'null' ? 'pipe' : kind;
}

import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, constants } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { replaceFile } from '../../files/replace-file.ts';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';
import type { RenderedFile } from './rendered.ts';
import { requireOneLine } from './shell-word.ts';

/** One file of a folder: as it is and as it shall be. `undefined` is a file that is not there. */
export interface FileChange {
  name: string;
  path: string;
  before: string | undefined;
  after: string | undefined;
}

const mostBytes = 1_048_576;

/** The first line of every file of ours: no other file is ever replaced or removed. */
export function ownMark(config: string): string {
  requireOneLine(config);
  return `# devops schedule render (config ${config})`;
}

/**
 * What installing these files, and no others of this devops.yaml, changes in a folder; no files take all of ours out.
 * `isName` tells the names that ours can have. Only files whose first line is our mark for `config` are ever replaced or
 * removed: throws UserError for another one that has the name of one of ours.
 */
export function planFiles(
  folder: string,
  config: string,
  files: readonly RenderedFile[],
  isName: RegExp,
): FileChange[] {
  const mark = ownMark(config);
  const wanted = new Map(files.map((file) => [file.name, file.content]));
  const here = new Set(namesIn(folder).filter((name) => isName.test(name)));
  const changes: FileChange[] = [];
  for (const name of new Set([...wanted.keys(), ...here])) {
    const path = join(folder, name);
    const before = here.has(name) ? readOwn(path) : undefined;
    const after = wanted.get(name);
    const isOurs = before === undefined || before.split('\n', 1)[0] === mark;
    if (isOurs) changes.push({ name, path, before, after });
    else if (after !== undefined) throw notOurs(path, mark);
  }
  return changes;
}

/** Makes the folder when there is none. Throws UserError at the first file that cannot be written. */
export function writeFiles(folder: string, changes: readonly FileChange[]): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw systemFailure(`cannot make the folder '${folder}'`, error);
  }
  for (const { path, before, after } of changes) {
    if (before === after) continue;
    if (after !== undefined) replaceFile(path, after, { mode: 0o644 });
    else rmSync(path, { force: true });
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return [];
    throw systemFailure(`cannot read the folder '${folder}'`, error);
  }
}

/** No unit of ours is larger, and none is a pipe that nobody writes to. */
function readOwn(path: string): string {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(descriptor);
      return stats.isFile() && stats.size <= mostBytes ? readFileSync(descriptor, 'utf8') : '';
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw systemFailure(`cannot read '${path}'`, error);
  }
}

function notOurs(path: string, mark: string): UserError {
  return new UserError(`'${path}' is there already and is not of this devops.yaml: its first line is not '${mark}'`, {
    hints: ['give the job another name, or move that file away'],
  });
}

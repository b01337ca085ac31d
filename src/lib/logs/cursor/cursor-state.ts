import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../../errors/user-error.ts';
import { replaceFile } from '../../files/replace-file.ts';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';
import type { FileCursor } from './file-cursor.ts';
import { parseCursor } from './parse-cursor.ts';

/** What one `--state` remembers between two runs: a cursor for every followed path, which is absolute. */
export interface CursorState {
  files: ReadonlyMap<string, FileCursor>;
}

const kind = 'devops log cursor';
const version = 1;
/** Some 5 KiB are needed for a followed path. */
const largestFile = 256 * 1024 * 1024;

/**
 * What was written last; undefined when there is no such file, which is the first run. Throws UserError for a file that
 * cannot be read, is damaged, is not a cursor at all, or was written by a newer devops: starting anew would either
 * repeat or leave out lines, and that is for people to choose. The file is left as it is.
 */
export function readState(path: string): CursorState | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const stored = parseJson(text, path);
  if (!isRecord(stored) || stored['kind'] !== kind) {
    throw new UserError(`'${path}' is not the state of a log search`, {
      code: 'config',
      hints: ['name another state, or move that file away'],
    });
  }
  const found = stored['version'];
  if (typeof found === 'number' && found > version) {
    throw new UserError(`'${path}' was written by a newer devops (version ${found}, known is ${version})`, {
      code: 'unsupported',
      hints: ['use that devops, or name another state'],
    });
  }
  const files = found === version ? parseFiles(stored['files']) : undefined;
  if (files === undefined) throw damaged(path);
  return { files };
}

/**
 * Replaces the state as a whole. To be called after the output has been flushed: whoever is killed between the two
 * delivers the same lines once more, and loses none. Throws UserError, and the old state is untouched then.
 */
export function writeState(path: string, state: CursorState): void {
  const files = Object.fromEntries(state.files);
  replaceFile(path, `${JSON.stringify({ kind, version, files })}\n`, { mode: 0o600 });
}

function readText(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (!stats.isFile()) throw new Error('it is not a regular file');
    if (stats.size > largestFile) throw new Error('it is too large to be a state');
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return undefined;
    throw systemFailure(`cannot read the state '${path}'`, error);
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(path);
  }
}

function damaged(path: string): UserError {
  return new UserError(`the state '${path}' is damaged: nobody can tell from it what was delivered`, {
    code: 'config',
    hints: [`move it away to begin anew: mv '${path}' '${path}.damaged'`],
  });
}

function parseFiles(value: unknown): Map<string, FileCursor> | undefined {
  if (!isRecord(value)) return undefined;
  const files = new Map<string, FileCursor>();
  for (const [path, stored] of Object.entries(value)) {
    const cursor = parseCursor(stored);
    if (cursor === undefined) return undefined;
    files.set(path, cursor);
  }
  return files;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

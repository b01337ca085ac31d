import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../../errors/user-error.ts';
import { replaceFile } from '../../files/replace-file.ts';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';
import { mostRecentTimes } from '../alert/recent-times.ts';
import type { FileCursor } from './file-cursor.ts';
import { parseCursor } from './parse-cursor.ts';

/** What one `--state` remembers between two runs: a cursor for every followed path, which is absolute. */
export interface CursorState {
  files: ReadonlyMap<string, FileCursor>;
  /** By the name of a rule, what its counter has to know of this run in the next one, see RuleCounter. */
  recentHits?: ReadonlyMap<string, readonly number[]>;
  /** By the units of a journal, joined, the cursor of journalctl(1) behind the last entry that was delivered. */
  journals?: ReadonlyMap<string, string>;
}

const kind = 'devops log cursor';
const version = 1;
/** Some 5 KiB are needed for a followed path. */
const largestFile = 256 * 1024 * 1024;
/** Of rules and of journals, far more than anybody has; and of a cursor of journald, which has some 150 characters. */
const mostNames = 10_000;
const longestCursor = 4096;

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
  const files = (found === version ? parseEntries(stored['files'], parseCursor) : undefined) ?? refuse(path);
  const state: CursorState = { files };
  if (stored['recentHits'] !== undefined) {
    state.recentHits = parseEntries(stored['recentHits'], parseTimes, mostNames) ?? refuse(path);
  }
  if (stored['journals'] !== undefined) {
    state.journals = parseEntries(stored['journals'], parseJournal, mostNames) ?? refuse(path);
  }
  return state;
}

/**
 * Replaces the state as a whole. To be called after the output has been flushed: whoever is killed between the two
 * delivers the same lines once more, and loses none. Throws UserError, and the old state is untouched then.
 */
export function writeState(path: string, state: CursorState): void {
  const [files, recentHits, journals] = [state.files, state.recentHits, state.journals].map((map) =>
    map === undefined ? undefined : Object.fromEntries<unknown>(map),
  );
  replaceFile(path, `${JSON.stringify({ kind, version, files, recentHits, journals })}\n`, { mode: 0o600 });
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

function refuse(path: string): never {
  throw damaged(path);
}

function damaged(path: string): UserError {
  return new UserError(`the state '${path}' is damaged: nobody can tell from it what was delivered`, {
    code: 'config',
    hints: [`move it away to begin anew: mv '${path}' '${path}.damaged'`],
  });
}

/** Undefined when one of them is not as we write it, or there are more than `most`. */
function parseEntries<Value>(
  stored: unknown,
  parse: (value: unknown) => Value | undefined,
  most = Infinity,
): Map<string, Value> | undefined {
  if (!isRecord(stored)) return undefined;
  const parsed = new Map<string, Value>();
  for (const [name, each] of Object.entries(stored)) {
    const value = parse(each);
    if (value === undefined || parsed.size === most) return undefined;
    parsed.set(name, value);
  }
  return parsed;
}

function parseTimes(value: unknown): number[] | undefined {
  if (!Array.isArray(value) || value.length > mostRecentTimes) return undefined;
  return value.every((time): time is number => typeof time === 'number') ? value : undefined;
}

function parseJournal(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= longestCursor ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../errors/user-error.ts';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';

export interface VersionedFile {
  path: string;
  /** That of this devops. */
  version: number;
  /** Bytes; whatever is larger was not written by us. */
  largest: number;
  /** What to do about the file of a newer devops. */
  hint: string;
}

/**
 * What a state file of ours holds, a JSON object with its `version`: `missing` when there is none, `broken` for what
 * cannot be used. Throws UserError when it cannot be read, or when a newer devops wrote it.
 */
export function readVersionedFile({
  path,
  version,
  largest,
  hint,
}: VersionedFile): Record<string, unknown> | 'missing' | 'broken' {
  const text = readText(path, largest);
  if (text === undefined) return 'missing';
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return 'broken';
  }
  if (!isRecord(stored)) return 'broken';
  const { version: found } = stored;
  if (typeof found === 'number' && found > version) {
    throw new UserError(`${path} was written by a newer devops (version ${found}, known is ${version})`, {
      code: 'unsupported',
      hints: [hint],
    });
  }
  return found === version ? stored : 'broken';
}

function readText(path: string, largest: number): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (!stats.isFile()) throw new Error('it is not a regular file');
    // Too large to be ours: broken, like any other text that is no state.
    return stats.size > largest ? '' : readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return undefined;
    throw systemFailure(`cannot read ${path}`, error);
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

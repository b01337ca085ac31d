import { readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { replaceFile } from '../files/replace-file.ts';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';
import { newJobState } from './job-state.ts';
import type { JobState } from './job-state.ts';
import { isRecord, readStoredState } from './stored-job-state.ts';

const version = 1;

// Ten thousand subjects take some 5 MB; whatever is far larger was not written by us.
const largestFile = 64 * 1024 * 1024;

export interface ReadJobState {
  state: JobState;
  /** That the file could not be used, and what became of it; everything that is not ok is new again then. */
  warning?: string;
}

/**
 * What a job remembers, from the file in its folder; a new state when there is none. A file that is broken is put aside
 * as `state.json.broken-TIME`, unless `look` says that nothing may be changed. Throws UserError when it cannot be read,
 * or when a newer devops wrote it, and leaves it as it is.
 */
export function readJobState(
  folder: string,
  { job, now, look = false }: { job: string; now: number; look?: boolean },
): ReadJobState {
  const path = jobStatePath(folder);
  const text = readText(path);
  const fresh = newJobState(job, now);
  if (text === undefined) return { state: fresh };
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    stored = undefined;
  }
  if (isRecord(stored) && typeof stored['version'] === 'number' && stored['version'] > version) {
    throw new UserError(`${path} was written by a newer devops (version ${stored['version']}, known is ${version})`, {
      code: 'unsupported',
      hints: ['use that devops, or set another state folder with STATE_DIRECTORY or XDG_STATE_HOME'],
    });
  }
  const state = isRecord(stored) && stored['version'] === version ? readStoredState(stored, job) : undefined;
  if (state !== undefined) return { state };
  const warning = `${path} is broken, so all that is not ok counts as new`;
  return { state: fresh, warning: look ? warning : `${warning}; ${putAside(path, now)}` };
}

/** Throws UserError when it cannot be written; the old one is there then. `folder` has to be there. */
export function writeJobState(folder: string, state: JobState): void {
  const { subjects, eventsTold, ...rest } = state;
  const stored = { version, ...rest, subjects: [...subjects], eventsTold: [...eventsTold] };
  replaceFile(jobStatePath(folder), `${JSON.stringify(stored)}\n`, { mode: 0o600 });
}

function jobStatePath(folder: string): string {
  return join(folder, 'state.json');
}

function readText(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (!stats.isFile()) throw new Error('it is not a regular file');
    // Too large to be ours: broken, like any other text that is no state.
    return stats.size > largestFile ? '' : readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return undefined;
    throw systemFailure(`cannot read ${path}`, error);
  }
}

function putAside(path: string, now: number): string {
  const aside = `${path}.broken-${new Date(now * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  try {
    renameSync(path, aside);
    return `it was put aside as ${aside}`;
  } catch (error) {
    return systemFailure('it could not be put aside', error).message;
  }
}

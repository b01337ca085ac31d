import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../files/replace-file.ts';
import { systemFailure } from '../files/system-failure.ts';
import { readVersionedFile } from '../state/versioned-file.ts';
import { newJobState } from './job-state.ts';
import type { JobState } from './job-state.ts';
import { readStoredState } from './stored-job-state.ts';

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
  const fresh = newJobState(job, now);
  const stored = readVersionedFile({
    path,
    version,
    largest: largestFile,
    hint: 'use that devops, or set another state folder with STATE_DIRECTORY or XDG_STATE_HOME',
  });
  if (stored === 'missing') return { state: fresh };
  const state = stored === 'broken' ? undefined : readStoredState(stored, job);
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

function putAside(path: string, now: number): string {
  const aside = `${path}.broken-${new Date(now * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  try {
    renameSync(path, aside);
    return `it was put aside as ${aside}`;
  } catch (error) {
    return systemFailure('it could not be put aside', error).message;
  }
}

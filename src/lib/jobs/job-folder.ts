import { join } from 'node:path';
import { ensurePrivateDirectory } from '../state/private-directory.ts';

/** Where one job keeps what it remembers. */
export interface JobFolder {
  /** Has history.jsonl and state.json. */
  path: string;
  /** Output of each run, RUNID.log. */
  runs: string;
  /** One file for each run that has begun and not been written into the history. */
  running: string;
}

/** Where it would be; nothing is made. `stateDirectory`: see state/directories.ts. */
export function jobFolderPath(stateDirectory: string, name: string): string {
  return join(jobsFolderPath(stateDirectory), name);
}

export function jobsFolderPath(stateDirectory: string): string {
  return join(stateDirectory, 'jobs');
}

/** Made where it is not there. Throws UserError when it cannot be made or others could change it. */
export function openJobFolder(stateDirectory: string, name: string, uid: number): JobFolder {
  const path = jobFolderPath(stateDirectory, name);
  const folder = { path, runs: join(path, 'runs'), running: join(path, 'running') };
  for (const each of [path, folder.runs, folder.running]) ensurePrivateDirectory(each, uid);
  return folder;
}

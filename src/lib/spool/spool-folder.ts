import { join } from 'node:path';
import { type Account, stateDirectory } from '../state/directories.ts';
import { ensurePrivateDirectory } from '../state/private-directory.ts';

/** What lies below the folder of the spool. */
export const waitingFolder = (folder: string): string => join(folder, 'new');
export const deadFolder = (folder: string): string => join(folder, 'dead');
export const flushLock = (folder: string): string => join(folder, 'flush.lock');

/** Where what waits to be delivered is kept; nothing is made. */
export function spoolFolder(account: Account): string {
  return join(stateDirectory(account), 'spool');
}

/** Made where it is not there. Throws UserError when it cannot be made, or others could change it. */
export function openSpool(account: Account): string {
  const folder = spoolFolder(account);
  for (const path of [folder, waitingFolder(folder), deadFolder(folder)]) ensurePrivateDirectory(path, account.uid);
  return folder;
}

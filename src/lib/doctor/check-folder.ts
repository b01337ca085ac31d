import { constants } from 'node:fs';
import { access, lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import type { Account } from '../state/directories.ts';
import { ensurePrivateDirectory } from '../state/private-directory.ts';
import type { Finding } from './check.ts';

/** A folder that devops makes when it needs it. */
export interface OwnFolder {
  subject: string;
  pathFor(account: Account): string;
  /** How to have it elsewhere. */
  elsewhere: string;
  required: boolean;
}

/** Whether a folder of ours can be used, or made. It is judged as when it is used, and not made. */
export async function checkFolder(
  { subject, pathFor, elsewhere, required }: OwnFolder,
  account: Account,
): Promise<Finding> {
  const finding = { subject, required };
  const path = attempt(() => pathFor(account));
  if (path instanceof UserError) return { ...finding, state: 'missing', ...words(path) };
  const existing = await nearestExisting(path);
  const refusal = existing === path ? attempt(() => ensurePrivateDirectory(path, account.uid)) : undefined;
  if (refusal instanceof UserError) return { ...finding, state: 'failed', path, ...words(refusal) };
  if (!(await isWritableFolder(existing))) {
    const detail =
      existing === path ? 'cannot be written' : `cannot be made: '${existing}' is no folder that we can write`;
    return {
      ...finding,
      state: 'failed',
      path,
      detail,
      hint: `run as the user that owns '${existing}', or ${elsewhere}`,
    };
  }
  return { ...finding, state: 'ok', path, detail: existing === path ? 'can be written' : 'is made when it is needed' };
}

function words({ message, hints }: UserError): { detail: string; hint?: string } {
  return { detail: message, ...(hints.length === 0 ? {} : { hint: hints.join('; ') }) };
}

function attempt<Value>(act: () => Value): Value | UserError {
  try {
    return act();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function isWritableFolder(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return (await stat(path)).isDirectory();
  } catch {
    // Whatever keeps us from it (permission, a read-only filesystem, a mount that is gone), it is not to be had.
    return false;
  }
}

/** A link counts wherever it leads to: nothing can be made in the place of one that leads nowhere. */
async function nearestExisting(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await lstat(folder).catch(() => undefined);
    if (found !== undefined || folder === dirname(folder)) return folder;
  }
}

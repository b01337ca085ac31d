import { existsSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { replaceFile } from '../../files/replace-file.ts';
import { acquireLock } from '../../locks/acquire-lock.ts';
import type { Lock } from '../../locks/lock.ts';
import { type Account, stateDirectory } from '../../state/directories.ts';
import { ensurePrivateDirectory } from '../../state/private-directory.ts';

/**
 * The memory that a command has to be called because a file was replaced. It is written before the file is, and removed
 * when the command has succeeded, so that a run that is killed anywhere between leaves the call to the next one.
 */
export interface PendingCall {
  exists(): boolean;
  /** Survives a power cut when it returns. */
  remember(): void;
  forget(): void;
  /** One run at a time may replace the file and call; undefined while another one does. */
  lock(who: { pid: number; now: number; signal: AbortSignal }): Promise<Lock | undefined>;
}

/** `file` is the absolute path of the file that is replaced. Throws UserError where no state can be kept. */
export function pendingCallFor(file: string, account: Account): PendingCall {
  const name = createHash('sha256').update(file).digest('hex').slice(0, 32);
  const folder = join(stateDirectory(account), 'asg-ips');
  const path = join(folder, `${name}.pending`);
  return {
    exists: () => existsSync(path),
    remember() {
      ensurePrivateDirectory(folder, account.uid);
      replaceFile(path, `${file}\n`);
    },
    forget: () => rmSync(path, { force: true }),
    async lock({ pid, now, signal }) {
      ensurePrivateDirectory(folder, account.uid);
      const request = { pid, now, what: `devops asg-ips --write ${file}`, env: account.env, signal };
      const answer = await acquireLock(join(folder, `${name}.lock`), request);
      return 'lock' in answer ? answer.lock : undefined;
    },
  };
}

import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorName } from '../files/system-failure.ts';

/** Whoever writes an entry needs milliseconds. */
const longestUseSeconds = 3600;

/** Removes what replaceFile has left behind where it was killed. */
export function removeTemporaryFiles(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (!/^\.devops-[\da-f]{32}\.tmp$/.test(name)) continue;
    const path = join(folder, name);
    try {
      if (lstatSync(path).mtimeMs / 1000 < now - longestUseSeconds) rmSync(path);
    } catch (error) {
      // Its writer was faster, or it stays for the next time.
      if (systemErrorName(error) === undefined) throw error;
    }
  }
}

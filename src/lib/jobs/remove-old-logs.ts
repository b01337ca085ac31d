import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorName } from '../files/system-failure.ts';

const daySeconds = 86_400;

/**
 * Removes logs of runs, `RUNID.log`, but for the newest `runs` of them and what is younger than `days`. The newest one
 * stays whatever its age, for the clock may be wrong. Throws the failure of the system call.
 */
export function removeOldLogs(folder: string, keep: { runs: number; days: number }, now: number): void {
  const logs = listLogs(folder).toSorted((one, other) => other.changed - one.changed);
  for (const [index, { path, changed }] of logs.entries()) {
    if (index === 0) continue;
    if (index >= keep.runs || changed < now - keep.days * daySeconds) rmSync(path, { force: true });
  }
}

function listLogs(folder: string): { path: string; changed: number }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => {
      const path = join(folder, name);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      return stats?.isFile() === true ? [{ path, changed: stats.mtimeMs / 1000 }] : [];
    });
}

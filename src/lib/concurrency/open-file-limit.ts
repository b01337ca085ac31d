import { readFileSync } from 'node:fs';

/**
 * How many files and sockets this process may have open at once (RLIMIT_NOFILE, proc_pid_limits(5)). Node has raised it
 * as far as it may at its start. Undefined where the system does not tell, or sets no limit.
 */
export function openFileLimit(limitsFile = '/proc/self/limits'): number | undefined {
  let text: string;
  try {
    text = readFileSync(limitsFile, 'latin1');
  } catch {
    return undefined;
  }
  const digits = /^Max open files +(\d+)/m.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

import { readFileSync } from 'node:fs';

/**
 * When a process was started, in clock ticks since the machine was, as proc_pid_stat(5) has it: with it a number that was
 * given to another process since is no mistake. Undefined for a process that is gone or only waits to be reaped, and
 * without a /proc.
 */
export function readProcessStart(pid: number): string | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name in parentheses may hold spaces and parentheses of its own.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

import { readFileSync } from 'node:fs';

/** What proc_pid_stat(5) says of a process. */
export interface ProcessStat {
  /** One letter; `Z` and `X` are dead. */
  state: string;
  group: number;
  session: number;
  /** When it started, in clock ticks since the machine did: no process that it started has a lower number. */
  startTicks: number;
}

/** Undefined when there is no such process or no /proc. */
export function readProcessStat(pid: number | 'self'): ProcessStat | undefined {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name in parentheses may hold spaces and parentheses of its own.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, , group, session] = fields;
  return { state: state ?? '', group: Number(group), session: Number(session), startTicks: Number(fields[19]) };
}

/** Zombies are dead: they stay for ever where process 1 does not reap, as in many containers. */
export function isAlive(stat: ProcessStat | undefined): boolean {
  return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X';
}

import { readdirSync } from 'node:fs';
import { readOptional } from './probe.ts';
import type { Probe } from './probe.ts';

/** One look at every process. */
export interface ProcessCounters {
  processes: ProcessStat[];
  /** Processes that are listed and that this user may not look at. */
  hidden: number;
  /** The first process that could not be read for any other reason. */
  failure?: { path: string; cause: unknown };
}

/** What /proc/PID/stat says (proc_pid_stat(5)). */
export interface ProcessStat {
  pid: number;
  parent: number;
  /** As the process calls itself: any bytes but NUL. */
  name: string;
  state: string;
  /** User and system time, in ticks. */
  ticks: number;
  threads: number;
  /** Ticks after boot. With the pid it tells a process from a later one that was given the same pid. */
  started: number;
  /**
   * Good for an order only: since Linux 6.2 the kernel leaves out here what it has counted by processor, which is
   * hundreds of KiB on a small machine and more than 100 MiB on a big one. `VmRSS` in /proc/PID/status is right.
   */
  residentPages: number;
}

/** Reads one file a process and nothing else. A process that ends meanwhile is left out. Throws when /proc cannot be listed. */
export function readProcessCounters(probe: Probe): ProcessCounters {
  const counters: ProcessCounters = { processes: [], hidden: 0 };
  for (const name of readdirSync(`${probe.root}/proc`)) {
    // Only the names of processes begin with a digit.
    if (name < '0' || name > ':') continue;
    const path = `/proc/${name}/stat`;
    try {
      const text = readOptional(probe, path);
      if (text !== undefined) counters.processes.push(parseProcessStat(Number(name), text));
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM')) {
        counters.hidden += 1;
      } else {
        counters.failure ??= { path, cause };
      }
    }
  }
  return counters;
}

/**
 * The name may hold spaces and parentheses, so the numbers begin behind the last one: `42 (a) R 9 (b c) S 1 ...`.
 * They are split and not scanned by hand, which is three times as slow in a process that has just started.
 */
export function parseProcessStat(pid: number, text: string): ProcessStat {
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ', 22);
  const process = {
    pid,
    parent: Number(fields[1]),
    name: text.slice(text.indexOf('(') + 1, close),
    state: fields[0]!,
    ticks: Number(fields[11]) + Number(fields[12]),
    threads: Number(fields[17]),
    started: Number(fields[19]),
    residentPages: Number(fields[21]),
  };
  // NaN spreads through a sum, so one question answers for all of them.
  const sum = process.parent + process.ticks + process.threads + process.started + process.residentPages;
  if (close === -1 || fields.length < 22 || Number.isNaN(sum)) throw new SyntaxError(`/proc/${pid}/stat is not whole`);
  return process;
}

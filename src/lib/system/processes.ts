import { printable } from '../text/printable.ts';
import { labelledNumber, labelledText, wholeNumber } from './kernel-text.ts';
import { ticksPerSecond } from './cpu.ts';
import { parseMountinfo } from './mountinfo.ts';
import { noteError } from './probe.ts';
import type { Probe } from './probe.ts';
import type { ProcessCounters, ProcessStat } from './process-counters.ts';
import { readNoted } from './read-noted.ts';
import type { Process, ProcessesSection } from './report-workload.ts';
import { readUptime } from './uptime.ts';

export interface ProcessesOptions {
  /** Length of each list of the greediest. */
  topCount: number;
  /** Name of a user; a user without a name is shown by number. */
  userName: (uid: number) => string | undefined;
  /** Effective user of this process: root sees through hidepid. */
  uid: number;
}

/** Zombies and blocked processes that are shown one by one. A machine in trouble has thousands; the counts tell of all. */
const shownAtMost = 100;

/** `top_cpu` needs the second look and the seconds between, and holds only processes that worked. Throws without /proc/uptime. */
export function processesSection(
  probe: Probe,
  first: ProcessCounters,
  second: ProcessCounters | undefined,
  seconds: number,
  options: ProcessesOptions,
): ProcessesSection {
  const last = second ?? first;
  if (last.failure !== undefined) noteError(probe, 'processes', last.failure.cause, last.failure.path);
  const used = second && seconds > 0 ? ticksBetween(first, second) : undefined;
  const uptime = readUptime(probe);
  const described = new Map<ProcessStat, Process | undefined>();
  const describe = (stat: ProcessStat): Process | undefined => {
    if (!described.has(stat)) described.set(stat, describeProcess(probe, stat, uptime, options.userName));
    const process = described.get(stat);
    const ticks = used?.get(stat);
    if (process && ticks !== undefined) process.cpu_pct = ((ticks / ticksPerSecond) * 100) / seconds;
    return process;
  };
  const greediest = (amount: (stat: ProcessStat) => number, count: number): Process[] =>
    last.processes
      .filter((stat) => amount(stat) > 0)
      .toSorted((a, b) => amount(b) - amount(a) || a.pid - b.pid)
      .slice(0, count)
      .map(describe)
      .filter((process) => process !== undefined);
  const inState = (state: string): Process[] =>
    last.processes
      .filter((stat) => stat.state === state)
      .slice(0, shownAtMost)
      .map(describe)
      .filter((process) => process !== undefined);
  return {
    total: last.processes.length,
    ...countStates(last.processes),
    ...readLimits(probe),
    ...((last.hidden > 0 || (options.uid !== 0 && hidesProcesses(probe))) && { partial: true }),
    top_cpu: greediest((stat) => used?.get(stat) ?? 0, options.topCount),
    // A few more than wanted, because the pages only roughly give the order that the exact figures have.
    top_memory: greediest((stat) => stat.residentPages, options.topCount + 5)
      .toSorted((a, b) => b.resident_bytes - a.resident_bytes)
      .slice(0, options.topCount),
    zombies: inState('Z'),
    blocked_processes: inState('D'),
  };
}

/** Ticks that each process of the second look used since the first; one that has started meanwhile used them all since then. */
function ticksBetween(first: ProcessCounters, second: ProcessCounters): Map<ProcessStat, number> {
  const before = new Map(first.processes.map((stat) => [stat.pid, stat]));
  return new Map(
    second.processes.map((stat) => {
      const earlier = before.get(stat.pid);
      const ticks = earlier?.started === stat.started ? earlier.ticks : 0;
      return [stat, Math.max(0, stat.ticks - ticks)];
    }),
  );
}

type Counts = Pick<ProcessesSection, 'running' | 'sleeping' | 'blocked' | 'zombie' | 'stopped' | 'threads'>;

function countStates(processes: readonly ProcessStat[]): Counts {
  const counts: Counts = { running: 0, sleeping: 0, blocked: 0, zombie: 0, stopped: 0, threads: 0 };
  for (const { state, threads } of processes) {
    counts.threads += threads;
    if (state === 'R') counts.running += 1;
    // Idle kernel threads (I) sleep as well, uncounted in the load.
    else if (state === 'S' || state === 'I') counts.sleeping += 1;
    else if (state === 'D') counts.blocked += 1;
    else if (state === 'Z') counts.zombie += 1;
    // Lower-case t: stopped by a debugger.
    else if (state === 'T' || state === 't') counts.stopped += 1;
  }
  return counts;
}

function readLimits(probe: Probe): Pick<ProcessesSection, 'open_files' | 'open_files_limit' | 'pid_limit'> {
  // proc_sys_fs(5): handles in use, free ones (always 0), limit.
  const [open, , limit] = readNoted(probe, 'processes', '/proc/sys/fs/file-nr')?.split(/\s+/).map(wholeNumber) ?? [];
  const pidLimit = wholeNumber(readNoted(probe, 'processes', '/proc/sys/kernel/pid_max'));
  return {
    ...(open !== undefined && { open_files: open }),
    // systemd sets the limit to the largest number there is, which means none.
    ...(limit !== undefined && limit < 2 ** 62 && { open_files_limit: limit }),
    ...(pidLimit !== undefined && { pid_limit: pidLimit }),
  };
}

/** The mount option of proc(5), by number in old kernels and by name since Linux 5.8. */
function hidesProcesses(probe: Probe): boolean {
  const mounts = parseMountinfo(readNoted(probe, 'processes', '/proc/self/mountinfo') ?? '');
  const options = mounts.findLast((mount) => mount.mount === '/proc')?.superOptions ?? [];
  const hidepid = options.find((option) => option.startsWith('hidepid='))?.slice('hidepid='.length);
  return hidepid !== undefined && hidepid !== '0' && hidepid !== 'off';
}

/** Undefined when the process has ended since it was counted. */
function describeProcess(
  probe: Probe,
  stat: ProcessStat,
  uptime: number,
  userName: ProcessesOptions['userName'],
): Process | undefined {
  const status = readNoted(probe, 'processes', `/proc/${stat.pid}/status`);
  if (status === undefined) return undefined;
  // Real, effective, saved and filesystem user; ps and top show the effective one.
  const uid = wholeNumber(labelledText(status, 'Uid:')?.split('\t')[1]);
  const waitChannel = stat.state === 'D' ? readWaitChannel(probe, stat.pid) : undefined;
  return {
    pid: stat.pid,
    parent_pid: stat.parent,
    name: printable(stat.name),
    state: printable(stat.state),
    ...(uid !== undefined && { user: userName(uid) ?? String(uid) }),
    // Zombies and threads of the kernel have no memory of their own and no such line.
    resident_bytes: (labelledNumber(status, 'VmRSS:') ?? 0) * 1024,
    threads: stat.threads,
    // Both are whole hundredths; the difference of two floats is not.
    age_seconds: Math.max(0, Math.round((uptime - stat.started / ticksPerSecond) * 100) / 100),
    ...(waitChannel !== undefined && { wait_channel: waitChannel }),
  };
}

/** The kernel writes `0` to those who may not know and for processes that do not wait. */
function readWaitChannel(probe: Probe, pid: number): string | undefined {
  const channel = readNoted(probe, 'processes', `/proc/${pid}/wchan`)?.trim();
  return channel === undefined || channel === '' || channel === '0' ? undefined : printable(channel);
}

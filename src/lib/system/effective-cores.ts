import { labelledText } from './kernel-text.ts';
import type { Probe } from './probe.ts';
import { readNoted } from './read-noted.ts';
import type { CpuSection } from './report-resources.ts';

/**
 * How many processors this process can keep busy: the smallest of those online, those it may run on and its quota.
 * A quota may be less than one processor.
 */
export function effectiveCores(
  online: number,
  affinity: number | undefined,
  quota: number | undefined,
): { cores: number; source: CpuSection['effective_source'] } {
  const allowed = Math.min(online, affinity ?? online);
  if (quota !== undefined && quota < allowed) return { cores: quota, source: 'cgroup' };
  return { cores: allowed, source: allowed < online ? 'affinity' : 'host' };
}

/**
 * The number of processors in the affinity mask of this process (sched_setaffinity(2), cpuset); undefined when the
 * kernel does not tell. They are counted and not matched with those online, because LXC numbers them anew in /proc/stat only.
 */
export function readAffinity(probe: Probe): number | undefined {
  const list = labelledText(readNoted(probe, 'cpu', '/proc/self/status') ?? '', 'Cpus_allowed_list:');
  return list === undefined ? undefined : countCpuList(list);
}

/** Counts a list of the form `0-3,8,10-11` (cpuset(7)); undefined when it is none. */
export function countCpuList(list: string): number | undefined {
  let count = 0;
  for (const range of list.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(range);
    if (match === null) return undefined;
    count += Number(match[2] ?? match[1]) - Number(match[1]) + 1;
  }
  return count > 0 ? count : undefined;
}

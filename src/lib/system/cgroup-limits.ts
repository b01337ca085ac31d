import { printable } from '../text/printable.ts';
import type { Group, Hierarchy } from './cgroup-hierarchy.ts';
import { labelledNumber, wholeNumber } from './kernel-text.ts';
import { noteError, readOptional } from './probe.ts';
import type { Probe } from './probe.ts';
import { readNoted } from './read-noted.ts';
import type { CgroupCpu, CgroupMemory, CgroupPids } from './report-resources.ts';

// File names and units: kernel `Documentation/admin-guide/cgroup-v2.rst` and `cgroup-v1/{memory,cpuacct,pids}.rst`.

/** A group and what it allows. */
interface Limit {
  value: number;
  group: Group;
}

export function memoryOf(probe: Probe, hierarchy: Hierarchy): CgroupMemory | undefined {
  const { version, groups } = hierarchy;
  const own = groups[0]!;
  const limit = smallest(probe, groups, (group) =>
    readLimit(probe, `${group.directory}/${version === 2 ? 'memory.max' : 'memory.limit_in_bytes'}`),
  );
  // Version 1 says itself what holds for a group, and includes ancestors that are not mounted here.
  const ownStatistics = version === 1 ? readStatistics(probe, own, 'memory.stat') : '';
  const effective = limitOf(labelledNumber(ownStatistics, 'hierarchical_memory_limit '));
  const hidden = effective !== undefined && effective < (limit?.value ?? Infinity);
  // Without a limit there is only the use of this group. Below a hidden limit, the highest group in sight is the nearest to it.
  const group = hidden ? groups.at(-1)! : (limit?.group ?? own);
  const current = readNumber(probe, group, version === 2 ? 'memory.current' : 'memory.usage_in_bytes');
  const statistics = version === 1 && group === own ? ownStatistics : readStatistics(probe, group, 'memory.stat');
  const inactive = labelledNumber(statistics, version === 2 ? 'inactive_file ' : 'total_inactive_file ');
  // Version 1 counts a kill in the victim's own group only, version 2 in every ancestor too.
  const events =
    version === 2 ? readStatistics(probe, group, 'memory.events') : readStatistics(probe, own, 'memory.oom_control');
  const oomKills = labelledNumber(events, 'oom_kill ');
  if (limit === undefined && effective === undefined && current === undefined) return undefined;
  return {
    ...(hidden ? { limit_bytes: effective } : limit && { limit_bytes: limit.value, limit_path: limit.group.path }),
    ...(current !== undefined && { current_bytes: current }),
    ...(inactive !== undefined && { inactive_file_bytes: inactive }),
    ...(oomKills !== undefined && { oom_kills: oomKills }),
  };
}

/** Undefined when no group sets a quota. */
export function cpuOf(probe: Probe, hierarchy: Hierarchy): CgroupCpu | undefined {
  const { version, groups } = hierarchy;
  const quota = smallest(probe, groups, (group) =>
    version === 2 ? readCpuMax(probe, group) : readCfsQuota(probe, group),
  );
  if (quota === undefined) return undefined;
  const statistics = readStatistics(probe, quota.group, 'cpu.stat');
  const periods = labelledNumber(statistics, 'nr_periods ');
  const throttled = labelledNumber(statistics, 'nr_throttled ');
  const time = labelledNumber(statistics, version === 2 ? 'throttled_usec ' : 'throttled_time ');
  return {
    quota_cores: quota.value,
    quota_path: quota.group.path,
    ...(periods !== undefined &&
      throttled !== undefined && { throttled_pct: periods === 0 ? 0 : (throttled / periods) * 100 }),
    ...(time !== undefined && { throttled_seconds: time / (version === 2 ? 1e6 : 1e9) }),
  };
}

/** Undefined where the tasks are not counted, as in the root of the hierarchy. */
export function pidsOf(probe: Probe, hierarchy: Hierarchy): CgroupPids | undefined {
  const limit = smallest(probe, hierarchy.groups, (group) => readLimit(probe, `${group.directory}/pids.max`));
  const current = readNumber(probe, limit?.group ?? hierarchy.groups[0]!, 'pids.current');
  return current === undefined ? undefined : { ...(limit && { limit: limit.value }), current };
}

/**
 * A group's limit holds for all below it. Of equal limits the higher group counts, for more processes share it.
 * What cannot be read in one group is noted, and the limits of the others still hold.
 */
function smallest(
  probe: Probe,
  groups: readonly Group[],
  read: (group: Group) => number | undefined,
): Limit | undefined {
  let limit: Limit | undefined;
  for (const group of groups) {
    try {
      const value = read(group);
      if (value !== undefined && value <= (limit?.value ?? Infinity)) limit = { value, group };
    } catch (error) {
      noteError(probe, 'cgroup', error, group.directory);
    }
  }
  return limit;
}

function readLimit(probe: Probe, path: string): number | undefined {
  const text = readOptional(probe, path)?.trim();
  return text === undefined || text === 'max' ? undefined : limitOf(parseNumber(text, path));
}

/** Version 1 writes "no limit" as the largest number of whole pages, which depends on the page size and the kernel. */
function limitOf(value: number | undefined): number | undefined {
  return value === undefined || value >= 2 ** 62 ? undefined : value;
}

/** `max 100000` or `50000 100000`: microseconds of processor time in each period. */
function readCpuMax(probe: Probe, group: Group): number | undefined {
  const path = `${group.directory}/cpu.max`;
  const text = readOptional(probe, path)?.trim();
  if (text === undefined) return undefined;
  const [quota, period] = text.split(' ');
  return quota === 'max' ? undefined : cores(parseNumber(quota!, path), parseNumber(period ?? '', path), path);
}

function readCfsQuota(probe: Probe, group: Group): number | undefined {
  const path = `${group.directory}/cpu.cfs_quota_us`;
  const quota = readOptional(probe, path)?.trim();
  if (quota === undefined || quota === '-1') return undefined;
  const periodPath = `${group.directory}/cpu.cfs_period_us`;
  return cores(parseNumber(quota, path), parseNumber(readOptional(probe, periodPath) ?? '', periodPath), path);
}

function cores(quota: number, period: number, path: string): number {
  if (period === 0) throw new SyntaxError(`${path} has a period of 0`);
  return quota / period;
}

/** Undefined when the group does not have the file; what cannot be read is noted. */
function readNumber(probe: Probe, group: Group, file: string): number | undefined {
  const path = `${group.directory}/${file}`;
  try {
    const text = readOptional(probe, path);
    return text === undefined ? undefined : parseNumber(text, path);
  } catch (error) {
    noteError(probe, 'cgroup', error, path);
    return undefined;
  }
}

/** Lines of names and numbers, none when the group does not have the file; what cannot be read is noted. */
function readStatistics(probe: Probe, group: Group, file: string): string {
  return readNoted(probe, 'cgroup', `${group.directory}/${file}`) ?? '';
}

function parseNumber(text: string, path: string): number {
  const value = wholeNumber(text);
  if (value === undefined) throw new SyntaxError(`${path} is not a number: "${printable(text.slice(0, 40))}"`);
  return value;
}

import { labelledNumber, required } from './kernel-text.ts';
import { readPressure } from './pressure.ts';
import { readText } from './probe.ts';
import type { Probe } from './probe.ts';
import { readNoted } from './read-noted.ts';
import type { CgroupSection, EffectiveMemory, MemorySection } from './report-resources.ts';

/**
 * Memory of the host and what is left of it inside the cgroup limits.
 * Throws when /proc/meminfo cannot be read, and a SyntaxError when it lacks what every percentage needs: Linux before
 * 3.14 has no MemAvailable, and free + cached would be a guess that counts shared memory as free.
 */
export function memorySection(probe: Probe, cgroup: CgroupSection | undefined): MemorySection {
  const section = parseMeminfo(readText(probe, '/proc/meminfo'));
  // Counted since Linux 4.13.
  const oomKills = labelledNumber(readNoted(probe, 'memory', '/proc/vmstat') ?? '', 'oom_kill ');
  const pressure = readPressure(probe, 'memory');
  return {
    ...section,
    ...(oomKills !== undefined && { oom_kills: oomKills }),
    ...(pressure && { pressure }),
    effective: effectiveMemory(section.total_bytes, section.available_bytes, cgroup),
  };
}

/** Fields of /proc/meminfo (proc_meminfo(5)), which counts in KiB and calls them kB. */
export function parseMeminfo(text: string): Omit<MemorySection, 'effective'> {
  const optional = (label: string): number | undefined => {
    const kibibytes = labelledNumber(text, label);
    return kibibytes === undefined ? undefined : kibibytes * 1024;
  };
  const bytes = (label: string): number => required(optional(label), '/proc/meminfo', label.slice(0, -1));
  const total = bytes('MemTotal:');
  if (total === 0) throw new SyntaxError('/proc/meminfo says that MemTotal is 0');
  const available = bytes('MemAvailable:');
  const swapTotal = bytes('SwapTotal:');
  const swapFree = bytes('SwapFree:');
  const hugepages = labelledNumber(text, 'HugePages_Total:');
  const hugepagesFree = labelledNumber(text, 'HugePages_Free:');
  const dirty = optional('Dirty:');
  const shared = optional('Shmem:');
  return {
    total_bytes: total,
    available_bytes: available,
    used_pct: usedPercent(total, available),
    free_bytes: bytes('MemFree:'),
    buffers_bytes: bytes('Buffers:'),
    cached_bytes: bytes('Cached:'),
    swap_total_bytes: swapTotal,
    swap_free_bytes: swapFree,
    ...(swapTotal > 0 && { swap_used_pct: usedPercent(swapTotal, swapFree) }),
    ...(hugepages !== undefined && { hugepages_total: hugepages }),
    ...(hugepagesFree !== undefined && { hugepages_free: hugepagesFree }),
    ...(dirty !== undefined && { dirty_bytes: dirty }),
    ...(shared !== undefined && { shared_bytes: shared }),
  };
}

/** Page cache of the group that can be dropped at once counts as available, as it does for the host. */
function effectiveMemory(total: number, available: number, cgroup: CgroupSection | undefined): EffectiveMemory {
  const limit = cgroup?.memory?.limit_bytes;
  const current = cgroup?.memory?.current_bytes;
  if (limit === undefined || current === undefined || limit >= total) {
    return {
      total_bytes: total,
      available_bytes: available,
      used_pct: usedPercent(total, available),
      limit_source: 'host',
    };
  }
  const inUse = Math.max(0, current - (cgroup?.memory?.inactive_file_bytes ?? 0));
  const left = Math.min(available, Math.max(0, limit - inUse));
  return { total_bytes: limit, available_bytes: left, used_pct: usedPercent(limit, left), limit_source: 'cgroup' };
}

function usedPercent(total: number, available: number): number {
  // A limit of 0 is possible, and nothing is left of it.
  return total === 0 ? 100 : Math.min(100, Math.max(0, ((total - available) / total) * 100));
}

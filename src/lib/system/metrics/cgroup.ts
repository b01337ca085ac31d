import type { CgroupMemory } from '../report-resources.ts';
import { scalarsOf } from './scalar-metric.ts';
import { errorsOf, messageOf } from './system-metric.ts';
import type { SystemMetric } from './system-metric.ts';

// A group whose files cannot be read may have the smallest limit of all.
const scalar = scalarsOf('cgroup', {
  doubt: (_, report) => errorsOf(report, 'cgroup').map(messageOf)[0],
});
const noMemory = { absent: 'no cgroup here limits memory' };
const noQuota = { absent: 'no cgroup here limits the processors' };
const noPids = { absent: 'no cgroup here counts processes' };

/** Page cache that can be dropped at once is not in the way of anybody. */
function inUse({ current_bytes: current, inactive_file_bytes: inactive = 0 }: CgroupMemory): number | undefined {
  return current === undefined ? undefined : Math.max(0, current - inactive);
}

function percent(used: number | undefined, limit: number | undefined): number | undefined {
  if (used === undefined || limit === undefined) return undefined;
  // Nothing is left of a limit of 0.
  return limit === 0 ? 100 : Math.min(100, (used / limit) * 100);
}

export const cgroupMetrics: readonly SystemMetric[] = [
  scalar(
    'cgroup.memory_limit',
    'bytes',
    'Smallest memory limit of the groups around this process.',
    (cgroup) => cgroup.memory?.limit_bytes,
    noMemory,
  ),
  scalar(
    'cgroup.memory_used',
    'bytes',
    'Memory of the group that sets the limit, without page cache that can be dropped.',
    (cgroup) => cgroup.memory && inUse(cgroup.memory),
    noMemory,
  ),
  scalar(
    'cgroup.memory_used_pct',
    'percent',
    'The same in percent of the limit.',
    ({ memory }) => memory && percent(inUse(memory), memory.limit_bytes),
    noMemory,
  ),
  scalar(
    'cgroup.oom_kills',
    'count',
    'Processes of the group killed for want of memory.',
    (cgroup) => cgroup.memory?.oom_kills,
    noMemory,
  ),
  scalar(
    'cgroup.cpu_quota',
    'count',
    'Processors that the group may use at once.',
    (cgroup) => cgroup.cpu?.quota_cores,
    noQuota,
  ),
  scalar(
    'cgroup.throttled_pct',
    'percent',
    'Share of the periods in which the group was throttled, since it was made.',
    (cgroup) => cgroup.cpu?.throttled_pct,
    noQuota,
  ),
  scalar(
    'cgroup.throttled',
    'seconds',
    'Time for which the group was throttled, since it was made.',
    (cgroup) => cgroup.cpu?.throttled_seconds,
    noQuota,
  ),
  scalar('cgroup.pids', 'count', 'Processes and threads of the group.', (cgroup) => cgroup.pids?.current, noPids),
  scalar(
    'cgroup.pids_used_pct',
    'percent',
    'The same in percent of the limit.',
    ({ pids }) => pids && percent(pids.current, pids.limit),
    {
      absent: 'no cgroup here limits the number of processes',
    },
  ),
];

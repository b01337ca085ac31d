import type { Metric } from '../../results/metric.ts';
import type { Labels } from '../../rules/declared-metric.ts';
import { metricCatalogue } from '../metric-catalogue.ts';
import type { SysinfoReport } from '../report.ts';
import type { Performance } from './performance.ts';

interface OwnMetric {
  /** The metric of the rules whose reading and labels it has. */
  of: string;
  /** In base units; percent becomes a ratio. */
  name: string;
  type?: 'counter';
  /** Where that of the rules speaks of percent, or of the metric before it. */
  help?: string;
  /** A figure that a monitoring system plots although no rule asks for it. */
  performance?: true;
}

/** What node_exporter does not tell, or not in this way. */
const ownMetrics: readonly OwnMetric[] = [
  { of: 'cpu.usage_pct', name: 'devops_cpu_usage_ratio', performance: true },
  { of: 'cpu.effective', name: 'devops_cpu_effective_cores' },
  {
    of: 'memory.used_pct',
    name: 'devops_memory_used_ratio',
    help: 'Share of the memory of the host that is not available.',
    performance: true,
  },
  { of: 'memory.effective_total', name: 'devops_memory_effective_total_bytes' },
  { of: 'memory.effective_available', name: 'devops_memory_effective_available_bytes' },
  {
    of: 'memory.effective_used_pct',
    name: 'devops_memory_effective_used_ratio',
    help: 'Share of the effective total that is not available.',
    performance: true,
  },
  {
    of: 'memory.swap_used_pct',
    name: 'devops_memory_swap_used_ratio',
    help: 'Share of the swap space that is used.',
    performance: true,
  },
  { of: 'memory.oom_kills', name: 'devops_memory_oom_kills_total', type: 'counter' },
  { of: 'cgroup.memory_limit', name: 'devops_cgroup_memory_limit_bytes' },
  { of: 'cgroup.memory_used', name: 'devops_cgroup_memory_used_bytes' },
  { of: 'cgroup.oom_kills', name: 'devops_cgroup_oom_kills_total', type: 'counter' },
  { of: 'cgroup.cpu_quota', name: 'devops_cgroup_cpu_quota_cores' },
  { of: 'cgroup.throttled_pct', name: 'devops_cgroup_cpu_throttled_ratio' },
  { of: 'cgroup.throttled', name: 'devops_cgroup_cpu_throttled_seconds_total', type: 'counter' },
  { of: 'cgroup.pids', name: 'devops_cgroup_pids' },
  {
    of: 'cgroup.pids_used_pct',
    name: 'devops_cgroup_pids_used_ratio',
    help: 'Processes and threads of the group, as a share of its limit.',
  },
  { of: 'disk.used_pct', name: 'devops_filesystem_used_ratio', performance: true },
  { of: 'disk.inodes_used_pct', name: 'devops_filesystem_files_used_ratio', performance: true },
  { of: 'disk.full_in', name: 'devops_filesystem_full_in_seconds' },
  { of: 'io.utilization_pct', name: 'devops_disk_utilization_ratio' },
  { of: 'network.tcp_connections', name: 'devops_tcp_connections' },
  { of: 'process.running', name: 'devops_processes_running' },
  { of: 'process.blocked', name: 'devops_processes_blocked' },
  { of: 'process.zombie', name: 'devops_processes_zombie', performance: true },
  { of: 'process.stopped', name: 'devops_processes_stopped' },
  {
    of: 'process.pids_used_pct',
    name: 'devops_pids_used_ratio',
    help: 'Threads, as a share of the process ids that the kernel hands out.',
    performance: true,
  },
  {
    of: 'process.open_files_pct',
    name: 'devops_open_files_used_ratio',
    help: 'Open file handles of the whole system, as a share of the limit.',
  },
  { of: 'service.failed', name: 'devops_services_failed', performance: true },
  { of: 'service.activating', name: 'devops_services_activating' },
  { of: 'service.unit_failed', name: 'devops_service_failed' },
  { of: 'container.running', name: 'devops_container_running' },
  { of: 'container.healthy', name: 'devops_container_healthy' },
  { of: 'container.restarts', name: 'devops_container_restarts_total', type: 'counter' },
  { of: 'sensor.celsius', name: 'devops_sensor_celsius', performance: true },
  { of: 'sensor.fan_rpm', name: 'devops_sensor_fan_rpm' },
  { of: 'os.clock_synchronized', name: 'devops_clock_synchronized' },
  { of: 'updates.pending', name: 'devops_updates_pending', performance: true },
  { of: 'updates.security', name: 'devops_updates_security_pending', help: 'Packages with a pending security update.' },
  { of: 'updates.reboot_required', name: 'devops_reboot_required' },
  { of: 'updates.cache_age', name: 'devops_updates_cache_age_seconds' },
  { of: 'user.sessions', name: 'devops_user_sessions' },
];

/** Values as the rules read them: what could not be told, or is too small to be true, has no series. */
export function* ownSystemMetrics(report: SysinfoReport, performance: Performance): Generator<Metric> {
  for (const { of, name, type = 'gauge', help, performance: isPlotted } of ownMetrics) {
    const { unit, read, ...rule } = metricCatalogue.get(of)!;
    for (const { value, labels } of read(report).samples) {
      const data = isPlotted && performance(of, labels, value);
      yield {
        name,
        help: help ?? rule.help,
        type,
        labels: joinable(labels),
        value: unit === 'percent' ? value / 100 : value,
        ...(data && { performance: data }),
      };
    }
  }
}

/** The label `mount` under node_exporter's name for it, so that both can be joined. */
function joinable({ mount, ...labels }: Labels): Labels {
  return mount === undefined ? labels : { ...labels, mountpoint: mount };
}

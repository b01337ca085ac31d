import type { Pressure } from '../report-resources.ts';
import { scalarsOf } from './scalar-metric.ts';
import type { SystemMetric } from './system-metric.ts';

const scalar = scalarsOf('memory');
const absent = 'this kernel does not count it';
const withoutPressure = 'this kernel does not measure pressure';
const withoutSwap = 'this machine has no swap';

function pressure(name: string, help: string, value: (pressure: Pressure) => number | undefined): SystemMetric {
  return scalar(`memory.${name}`, 'percent', help, (memory) => memory.pressure && value(memory.pressure), {
    absent: withoutPressure,
  });
}

export const memoryMetrics: readonly SystemMetric[] = [
  scalar('memory.total', 'bytes', 'Memory of the host.', (memory) => memory.total_bytes),
  scalar(
    'memory.available',
    'bytes',
    'Memory of the host that can be had without swapping, page cache included.',
    (memory) => memory.available_bytes,
  ),
  scalar('memory.available_pct', 'percent', 'The same in percent of the total.', (memory) => 100 - memory.used_pct),
  scalar(
    'memory.used_pct',
    'percent',
    'Memory of the host that is not available, in percent of the total.',
    (memory) => memory.used_pct,
  ),
  scalar(
    'memory.free',
    'bytes',
    'Memory of the host that is used for nothing at all, not even as page cache.',
    (memory) => memory.free_bytes,
  ),
  scalar('memory.dirty', 'bytes', 'Page cache that still has to be written to disk.', (memory) => memory.dirty_bytes, {
    absent,
  }),
  scalar('memory.shared', 'bytes', 'Shared memory and tmpfs.', (memory) => memory.shared_bytes, { absent }),
  scalar('memory.hugepages_free', 'count', 'Huge pages that nobody uses.', (memory) => memory.hugepages_free, {
    absent,
  }),
  scalar('memory.swap_total', 'bytes', 'Swap space; 0 without swap.', (memory) => memory.swap_total_bytes),
  scalar('memory.swap_free', 'bytes', 'Swap space that is not used.', (memory) => memory.swap_free_bytes),
  scalar(
    'memory.swap_used_pct',
    'percent',
    'Swap space that is used; nothing to compare on a machine without swap.',
    (memory) => memory.swap_used_pct,
    { absent: withoutSwap },
  ),
  scalar('memory.oom_kills', 'count', 'Processes killed for want of memory since boot.', (memory) => memory.oom_kills, {
    absent,
  }),
  scalar(
    'memory.effective_total',
    'bytes',
    'Memory of the host or the smallest cgroup limit, whichever is smaller.',
    (memory) => memory.effective.total_bytes,
  ),
  scalar(
    'memory.effective_available',
    'bytes',
    'What is available of the effective total.',
    (memory) => memory.effective.available_bytes,
  ),
  scalar(
    'memory.effective_available_pct',
    'percent',
    'The same in percent of the effective total.',
    (memory) => 100 - memory.effective.used_pct,
  ),
  scalar(
    'memory.effective_used_pct',
    'percent',
    'What is not available of the effective total, in percent.',
    (memory) => memory.effective.used_pct,
  ),
  pressure(
    'pressure_some_avg10_pct',
    'Share of the last 10 s in which some task waited for memory.',
    (psi) => psi.some_avg10_pct,
  ),
  pressure(
    'pressure_some_avg60_pct',
    'Share of the last 60 s in which some task waited for memory.',
    (psi) => psi.some_avg60_pct,
  ),
  pressure(
    'pressure_some_avg300_pct',
    'Share of the last 5 minutes in which some task waited for memory.',
    (psi) => psi.some_avg300_pct,
  ),
  pressure(
    'pressure_full_avg10_pct',
    'Share of the last 10 s in which every task waited for memory.',
    (psi) => psi.full_avg10_pct,
  ),
  pressure(
    'pressure_full_avg60_pct',
    'Share of the last 60 s in which every task waited for memory.',
    (psi) => psi.full_avg60_pct,
  ),
  pressure(
    'pressure_full_avg300_pct',
    'Share of the last 5 minutes in which every task waited for memory.',
    (psi) => psi.full_avg300_pct,
  ),
];

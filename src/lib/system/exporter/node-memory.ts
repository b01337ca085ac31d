import type { Metric } from '../../results/metric.ts';
import type { MemorySection } from '../report-resources.ts';
import { counter, gauge } from './series.ts';

/** Collectors meminfo and pressure of node_exporter: the labels of /proc/meminfo are part of the names. */
export function* memoryMetrics(memory: MemorySection): Generator<Metric> {
  const fields: Readonly<Record<string, number | undefined>> = {
    MemTotal_bytes: memory.total_bytes,
    MemAvailable_bytes: memory.available_bytes,
    MemFree_bytes: memory.free_bytes,
    Buffers_bytes: memory.buffers_bytes,
    Cached_bytes: memory.cached_bytes,
    SwapTotal_bytes: memory.swap_total_bytes,
    SwapFree_bytes: memory.swap_free_bytes,
    Dirty_bytes: memory.dirty_bytes,
    Shmem_bytes: memory.shared_bytes,
    HugePages_Total: memory.hugepages_total,
    HugePages_Free: memory.hugepages_free,
  };
  for (const [field, value] of Object.entries(fields)) {
    yield* gauge(`node_memory_${field}`, `Memory information field ${field}.`, value);
  }
  yield* counter(
    'node_pressure_memory_waiting_seconds_total',
    'Total time in seconds that processes have waited for memory',
    memory.pressure?.some_total_seconds,
  );
  yield* counter(
    'node_pressure_memory_stalled_seconds_total',
    'Total time in seconds no process could make progress due to memory congestion',
    memory.pressure?.full_total_seconds,
  );
}

import type { Metric } from '../../results/metric.ts';
import type { CpuSection } from '../report-resources.ts';
import type { Performance } from './performance.ts';
import { counter, gauge } from './series.ts';

/** Collectors loadavg, cpu, stat and pressure of node_exporter. Its `user` includes guests, as that of the kernel does. */
export function* cpuMetrics(cpu: CpuSection, performance: Performance): Generator<Metric> {
  const load = (minutes: 1 | 5 | 15): Metric[] => {
    const value = cpu[`load${minutes}`];
    const data = performance(`cpu.load${minutes}`, {}, value);
    return gauge(`node_load${minutes}`, `${minutes}m load average.`, value, {}, data);
  };
  yield* load(1);
  yield* load(5);
  yield* load(15);
  for (const { cpu: number, seconds } of cpu.per_cpu) {
    for (const [mode, value] of Object.entries(seconds)) {
      const labels = { cpu: String(number), mode };
      yield* counter('node_cpu_seconds_total', 'Seconds the CPUs spent in each mode.', value, labels);
    }
  }
  yield* counter('node_context_switches_total', 'Total number of context switches.', cpu.context_switches);
  yield* gauge('node_procs_running', 'Number of processes in runnable state.', cpu.procs_running);
  yield* gauge('node_procs_blocked', 'Number of processes blocked waiting for I/O to complete.', cpu.procs_blocked);
  yield* counter(
    'node_pressure_cpu_waiting_seconds_total',
    'Total time in seconds that processes have waited for CPU time',
    cpu.pressure?.some_total_seconds,
  );
}

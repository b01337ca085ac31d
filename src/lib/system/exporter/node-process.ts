import type { Metric } from '../../results/metric.ts';
import { metricCatalogue } from '../metric-catalogue.ts';
import type { ProcessesSection } from '../report-workload.ts';
import type { SysinfoReport } from '../report.ts';
import { gauge } from './series.ts';

/** Collectors filefd and processes of node_exporter; the latter has to be switched on there. */
export function* processMetrics(processes: ProcessesSection, report: SysinfoReport): Generator<Metric> {
  // As the rules read them: a count that misses what is hidden is no count.
  const count = (metric: string): number | undefined => metricCatalogue.get(metric)!.read(report).samples[0]?.value;
  yield* gauge('node_filefd_allocated', 'File descriptor statistics: allocated.', processes.open_files);
  yield* gauge('node_filefd_maximum', 'File descriptor statistics: maximum.', processes.open_files_limit);
  yield* gauge('node_processes_max_processes', 'Number of max PIDs limit', processes.pid_limit);
  yield* gauge('node_processes_pids', 'Number of PIDs', count('process.count'));
  yield* gauge('node_processes_threads', 'Allocated threads in system', count('process.threads'));
}

import type { Metric } from '../../results/metric.ts';
import type { OsSection } from '../report-resources.ts';
import { gauge } from './series.ts';

/** Collectors stat and time of node_exporter. `time` is ISO 8601. */
export function* timeMetrics(os: OsSection, time: string): Generator<Metric> {
  yield* gauge('node_boot_time_seconds', 'Node boot time, in unixtime.', Date.parse(os.boot_time) / 1000);
  yield* gauge('node_time_seconds', 'System time in seconds since epoch (1970).', Date.parse(time) / 1000);
}

import type { Metric } from '../../results/metric.ts';
import type { BlockDevice } from '../report-storage.ts';
import { counter } from './series.ts';

/** Collector diskstats of node_exporter. */
export function* diskMetrics(devices: readonly BlockDevice[]): Generator<Metric> {
  for (const {
    device,
    reads,
    read_bytes: readBytes,
    writes,
    written_bytes: writtenBytes,
    busy_seconds: busy,
  } of devices) {
    const series = (name: string, help: string, value: number): Metric[] =>
      counter(`node_disk_${name}`, help, value, { device });
    yield* series('reads_completed_total', 'The total number of reads completed successfully.', reads);
    yield* series('read_bytes_total', 'The total number of bytes read successfully.', readBytes);
    yield* series('writes_completed_total', 'The total number of writes completed successfully.', writes);
    yield* series('written_bytes_total', 'The total number of bytes written successfully.', writtenBytes);
    yield* series('io_time_seconds_total', 'Total seconds spent doing I/Os.', busy);
  }
}

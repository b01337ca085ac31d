import type { Metric } from '../../results/metric.ts';
import type { Disk } from '../report-storage.ts';
import { gauge } from './series.ts';

/** Collector filesystem of node_exporter. Of a filesystem that could not be asked only `device_error` is told. */
export function* filesystemMetrics(disks: readonly Disk[]): Generator<Metric> {
  for (const disk of disks) {
    const labels = { device: disk.source, fstype: disk.fstype, mountpoint: disk.mount };
    const series = (name: string, help: string, value: number | boolean | undefined): Metric[] =>
      gauge(`node_filesystem_${name}`, help, value, labels);
    yield* series(
      'device_error',
      'Whether an error occurred while getting statistics for the given device.',
      disk.error !== undefined,
    );
    if (disk.error !== undefined) continue;
    yield* series('size_bytes', 'Filesystem size in bytes.', disk.size_bytes);
    yield* series('free_bytes', 'Filesystem free space in bytes.', disk.free_bytes);
    yield* series('avail_bytes', 'Filesystem space available to non-root users in bytes.', disk.available_bytes);
    yield* series('files', 'Filesystem total file nodes.', disk.inodes);
    yield* series('files_free', 'Filesystem total free file nodes.', disk.inodes_free);
    yield* series('readonly', 'Filesystem read-only status.', disk.read_only);
  }
}

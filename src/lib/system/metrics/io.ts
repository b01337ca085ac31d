import { instancesOf } from './instance-metric.ts';
import { errorsOf, gapsOf } from './system-metric.ts';
import type { SystemMetric } from './system-metric.ts';

const perDevice = instancesOf({
  section: 'io',
  labels: ['device'],
  items: (devices) => devices,
  labelsOf: ({ device }) => ({ device }),
  hidden: (report) => gapsOf(errorsOf(report, 'io')),
});
const sampled = { sampled: true } as const;

export const ioMetrics: readonly SystemMetric[] = [
  perDevice(
    'io.utilization_pct',
    'percent',
    'Share of the sample with at least one request in flight.',
    (device) => device.utilization_pct,
    sampled,
  ),
  perDevice(
    'io.read_bytes_per_second',
    'bytes_per_second',
    'Bytes read from the device.',
    (device) => device.read_bytes_per_second,
    sampled,
  ),
  perDevice(
    'io.written_bytes_per_second',
    'bytes_per_second',
    'Bytes written to the device.',
    (device) => device.written_bytes_per_second,
    sampled,
  ),
  perDevice(
    'io.reads_per_second',
    'per_second',
    'Read requests that the device finished.',
    (device) => device.reads_per_second,
    sampled,
  ),
  perDevice(
    'io.writes_per_second',
    'per_second',
    'Write requests that the device finished.',
    (device) => device.writes_per_second,
    sampled,
  ),
];

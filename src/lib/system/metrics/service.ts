import { instancesOf } from './instance-metric.ts';
import { scalarsOf } from './scalar-metric.ts';
import type { SystemMetric } from './system-metric.ts';

const scalar = scalarsOf('services');
const perFailed = instancesOf({
  section: 'services',
  labels: ['unit'],
  items: ({ failed }) => failed,
  labelsOf: ({ unit }) => ({ unit }),
  hidden: () => [],
  absentIsZero: true,
});
const perActive = instancesOf({
  section: 'services',
  labels: ['unit'],
  items: ({ active_units }) => active_units,
  labelsOf: (unit) => ({ unit }),
  hidden: () => [],
  absentIsZero: true,
});

export const serviceMetrics: readonly SystemMetric[] = [
  scalar('service.failed', 'count', 'Services that failed.', (services) => services.failed.length),
  scalar(
    'service.activating',
    'count',
    'Services that are being started or restarted right now.',
    (services) => services.activating.length,
  ),
  perFailed('service.unit_failed', 'boolean', '1 for every service that failed, by name; 0 for all others.', () => 1),
  perActive('service.active', 'boolean', '1 for every service that is active, by name; 0 for all others.', () => 1),
];

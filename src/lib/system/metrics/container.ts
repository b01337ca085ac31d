import type { Container } from '../report-workload.ts';
import { instancesOf } from './instance-metric.ts';
import { errorsOf, gapsOf } from './system-metric.ts';
import type { SystemMetric } from './system-metric.ts';

const perContainer = instancesOf({
  section: 'containers',
  labels: ['name'],
  furtherLabels: ['image'],
  items: ({ containers }) => containers,
  labelsOf: ({ name, image }) => ({ name, image }),
  hidden: (report) => gapsOf(errorsOf(report, 'containers')),
});

function isHealthy({ health }: Container): boolean | undefined {
  return health === 'healthy' ? true : health === 'unhealthy' ? false : undefined;
}

export const containerMetrics: readonly SystemMetric[] = [
  perContainer('container.running', 'boolean', 'Whether the container runs.', ({ state }) => state === 'running'),
  perContainer(
    'container.healthy',
    'boolean',
    'What its health check says; only for containers that have one.',
    isHealthy,
    {
      notYet: ({ health }) => (health === 'starting' ? 'its health check has not finished' : undefined),
    },
  ),
  perContainer(
    'container.restarts',
    'count',
    'How often the engine restarted it.',
    (container) => container.restart_count,
    {
      failure: () => 'the engine did not tell',
    },
  ),
];

import type { Metric } from '../../results/metric.ts';
import { type SysinfoReport, sectionNames } from '../report.ts';
import { gauge } from './series.ts';

const statuses: readonly SysinfoReport['status'][] = ['none', 'ok', 'warning', 'critical', 'unknown'];

/** The report about itself. */
export function* reportMetrics(report: SysinfoReport): Generator<Metric> {
  for (const status of statuses) {
    yield* gauge(
      'devops_sysinfo_status',
      'Whether this is the worst status of the rules and of what had to be read.',
      report.status === status,
      { status },
    );
  }
  for (const section of sectionNames) {
    const errors = report.errors.filter((error) => error.section === section);
    if (report[section] === undefined && errors.length === 0) continue;
    yield* gauge('devops_sysinfo_errors', 'What is there and could not be read.', errors.length, { section });
  }
  yield* gauge('devops_sysinfo_duration_seconds', 'How long the report took.', report.took_ms / 1000);
  yield* osInfo(report);
}

function osInfo({ os }: SysinfoReport): Metric[] {
  if (os === undefined) return [];
  const { id = '', version = '', kernel, architecture, virtualization = '', container = '', init = '' } = os;
  return gauge('devops_os_info', 'What this machine is; always 1.', 1, {
    id,
    version,
    kernel,
    architecture,
    virtualization,
    container,
    init,
  });
}

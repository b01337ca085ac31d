import type { Rule } from '../rules/rule.ts';
import { metricsOf } from '../rules/rule.ts';
import { cgroupMetrics } from './metrics/cgroup.ts';
import { containerMetrics } from './metrics/container.ts';
import { cpuMetrics } from './metrics/cpu.ts';
import { diskMetrics } from './metrics/disk.ts';
import { hostMetrics } from './metrics/host.ts';
import { ioMetrics } from './metrics/io.ts';
import { memoryMetrics } from './metrics/memory.ts';
import { networkMetrics } from './metrics/network.ts';
import { processMetrics } from './metrics/process.ts';
import { sensorMetrics } from './metrics/sensor.ts';
import { serviceMetrics } from './metrics/service.ts';
import type { SystemMetric } from './metrics/system-metric.ts';

/** Every metric that a rule of sysinfo can name, in the order of the reference page. */
export const systemMetrics: readonly SystemMetric[] = [
  ...diskMetrics,
  ...memoryMetrics,
  ...cpuMetrics,
  ...cgroupMetrics,
  ...ioMetrics,
  ...networkMetrics,
  ...processMetrics,
  ...serviceMetrics,
  ...containerMetrics,
  ...sensorMetrics,
  ...hostMetrics,
];

/** Names that everybody knows, and what they stand for. */
export const metricAliases: Readonly<Record<string, string>> = {
  load1: 'cpu.load1',
  load5: 'cpu.load5',
  load15: 'cpu.load15',
};

const byName = new Map(systemMetrics.map((metric) => [metric.name, metric]));

/** The metrics by every name that a rule may use, aliases included. */
export const metricCatalogue: ReadonlyMap<string, SystemMetric> = new Map([
  ...byName,
  ...Object.entries(metricAliases).map(([alias, name]): [string, SystemMetric] => [alias, byName.get(name)!]),
]);

/** The metrics that these rules compare, each once: their sections have to be read, and `sampled` ones need two looks. */
export function metricsOfRules(rules: readonly Rule[]): SystemMetric[] {
  const names = rules.flatMap(({ condition }) => metricsOf(condition).map(({ name }) => name));
  return systemMetrics.filter(({ name }) => names.includes(name));
}

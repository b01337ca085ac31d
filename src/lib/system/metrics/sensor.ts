import type { Gap } from '../../rules/reading.ts';
import type { Sensor } from '../report-platform.ts';
import type { SysinfoReport } from '../report.ts';
import { instancesOf } from './instance-metric.ts';
import { errorsOf, gapsOf } from './system-metric.ts';
import type { SystemMetric } from './system-metric.ts';

/** An error without a subject is about the folder of all sensors; the others are about one that is in the list. */
function hidden(report: SysinfoReport): Gap[] {
  return gapsOf(errorsOf(report, 'sensors').filter(({ subject }) => subject === undefined));
}

const kinds = { section: 'sensors', labels: ['chip', 'label'], hidden } as const;

function labelsOf({ chip, label }: Sensor): Record<string, string> {
  return { chip, label };
}

const perThermometer = instancesOf({
  ...kinds,
  items: (sensors) => sensors.filter(({ kind }) => kind === 'temperature'),
  labelsOf,
});
const perFan = instancesOf({ ...kinds, items: (sensors) => sensors.filter(({ kind }) => kind === 'fan'), labelsOf });

function failure({ chip, label }: Sensor, report: SysinfoReport): string {
  const error = errorsOf(report, 'sensors').find(({ subject }) => subject === `${chip} ${label}`);
  return error?.message ?? 'the sensor gave no value';
}

export const sensorMetrics: readonly SystemMetric[] = [
  perThermometer('sensor.celsius', 'celsius', 'Temperature.', (sensor) => sensor.celsius, { failure }),
  perFan('sensor.fan_rpm', 'count', 'Turns of a fan per minute.', (sensor) => sensor.rpm, { failure }),
];

import type { Screen } from '../../command.ts';
import type { Sensor } from '../../lib/system/report-platform.ts';
import type { SysinfoReport } from '../../lib/system/report.ts';
import { paint } from '../../terminal/color.ts';
import { type Block, type Panel, plural, rows } from './layout.ts';

const shownSensors = 8;

/** Each sensor on its line; of a machine with hundreds, the hot ones and what each chip tells in all. */
export function sensorsBlock({ sensors }: SysinfoReport, panel: Panel): Block | undefined {
  if (sensors === undefined || sensors.length === 0) return undefined;
  if (!panel.folded || sensors.length <= shownSensors) return { title: 'Sensors', lines: sensorLines(sensors, panel) };
  const hot = sensors.filter(isHot);
  const others = sensors.filter((sensor) => !isHot(sensor));
  const chips = [...Map.groupBy(others, ({ chip, kind }) => `${kind} ${chip}`).values()];
  const summaries = rows(
    panel,
    chips.map((group) => summaryCells(group, panel.screen)),
  );
  return { title: 'Sensors', lines: [...sensorLines(hot, panel), ...summaries] };
}

function isHot({ celsius = -Infinity, high_celsius = Infinity, critical_celsius = Infinity }: Sensor): boolean {
  return celsius >= Math.min(high_celsius, critical_celsius);
}

export function degrees(celsius: number, { unicode }: Screen): string {
  return `${celsius.toFixed(0)} ${unicode ? '°C' : 'C'}`;
}

function sensorLines(sensors: readonly Sensor[], panel: Panel): string[] {
  const cells = sensors.map((sensor) => [
    sensor.chip,
    sensor.label,
    valueOf(sensor, panel.screen),
    limitOf(sensor, panel.screen),
  ]);
  const lines = rows(panel, cells, { right: [2] });
  return lines.map((line, at) => (isHot(sensors[at]!) ? paint(panel.screen, 'red', line) : line));
}

function valueOf({ celsius, rpm }: Sensor, screen: Screen): string {
  if (celsius !== undefined) return degrees(celsius, screen);
  return rpm === undefined ? 'no value' : `${rpm} rpm`;
}

function limitOf(sensor: Sensor, screen: Screen): string {
  return isHot(sensor) ? `limit ${degrees(sensor.high_celsius ?? sensor.critical_celsius!, screen)}` : '';
}

function summaryCells(group: readonly Sensor[], screen: Screen): string[] {
  const { chip, kind } = group[0]!;
  const values = group.flatMap(({ celsius, rpm }) => celsius ?? rpm ?? []);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const word = kind === 'fan' ? `${most} rpm` : degrees(most, screen);
  const range = least === most ? word : `${kind === 'fan' ? least : least.toFixed(0)} to ${word}`;
  const missing = group.length - values.length;
  return [
    chip,
    plural(group.length, kind),
    [values.length === 0 ? '' : range, missing === 0 ? '' : `${missing} without a value`]
      .filter((text) => text !== '')
      .join(', '),
  ];
}

import { formatDuration } from '../../lib/quantity/duration.ts';
import type { OsSection } from '../../lib/system/report-resources.ts';
import type { SysinfoReport } from '../../lib/system/report.ts';
import { type Block, type Panel, rows } from './layout.ts';

/** What the first line says of a machine, most telling first. */
export function osFacts(os: OsSection): string[] {
  return [
    os.name ?? os.id ?? 'Linux',
    `up ${formatDuration(os.uptime_seconds)}`,
    `kernel ${os.kernel}`,
    os.architecture,
    ...(os.virtualization === undefined || os.virtualization === 'none' ? [] : [os.virtualization]),
    ...(os.container === undefined ? [] : [os.container]),
  ];
}

/** What has no place in the first line, where somebody asks for it. */
export function osBlock({ os }: SysinfoReport, panel: Panel): Block | undefined {
  if (os === undefined || !panel.detailed) return undefined;
  const clock = os.clock_synchronized === undefined ? '' : os.clock_synchronized ? 'synchronized' : 'not synchronized';
  const cells = [
    ['booted', os.boot_time],
    ['init', os.init ?? ''],
    ['time zone', os.time_zone ?? ''],
    ['clock', clock],
    ['virtualization', os.virtualization ?? ''],
    ['container', os.container ?? ''],
  ];
  const known = cells.filter(([, text]) => text !== '');
  return { title: 'System', lines: rows(panel, known) };
}

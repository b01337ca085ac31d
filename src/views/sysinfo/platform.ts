import { formatSize } from '../../lib/quantity/size.ts';
import type { HardwareSection, SysinfoReport } from '../../lib/system/report.ts';
import { paint } from '../../terminal/color.ts';
import { printable } from '../../terminal/printable.ts';
import { type Block, fit, type Panel, rows } from './layout.ts';

/** What runs on the machine beside processes, one or a few lines each. */
export function platformBlocks(report: SysinfoReport, panel: Panel): Block[] {
  const blocks = [services(report, panel), containers(report, panel), sensors(report, panel), users(report, panel)];
  return [...blocks, updates(report, panel), hardware(report.hardware, panel)].filter((block) => block !== undefined);
}

function services({ services: section }: SysinfoReport, panel: Panel): Block | undefined {
  if (section === undefined) return undefined;
  const { total, active, failed, activating } = section;
  const lines = [`  ${active} of ${total} active, ${failed.length} failed, ${activating.length} starting`];
  for (const { unit, description } of failed) {
    const text = fit(`failed: ${printable(unit)}  ${printable(description)}`, panel.cells - 2, panel.screen);
    lines.push(`  ${paint(panel.screen, 'red', text)}`);
  }
  return { title: 'Services', lines };
}

function containers({ containers: section }: SysinfoReport, panel: Panel): Block | undefined {
  if (section === undefined) return undefined;
  const cells = section.containers.map(({ name, state, health, image }) => [name, health ?? state, image]);
  const lines = [`  ${section.running} of ${section.total} running`, ...rows(panel, cells.slice(0, 20))];
  return { title: `Containers (${section.engine})`, lines };
}

function sensors({ sensors: section }: SysinfoReport, panel: Panel): Block | undefined {
  if (section === undefined || section.length === 0) return undefined;
  const cells = section.map(({ chip, label, celsius, rpm }) => [
    chip,
    label,
    celsius === undefined ? `${rpm ?? ''} rpm` : `${celsius.toFixed(0)} °C`,
  ]);
  return { title: 'Sensors', lines: rows(panel, cells, new Set([2])) };
}

function users({ users: section }: SysinfoReport, panel: Panel): Block | undefined {
  if (section === undefined || section.length === 0) return undefined;
  const cells = section.map(({ user, terminal, since, from }) => [
    user,
    terminal,
    `since ${since.slice(0, 16)}Z`,
    from ?? '',
  ]);
  return { title: 'Users', lines: rows(panel, cells) };
}

function updates({ updates: section }: SysinfoReport, panel: Panel): Block | undefined {
  if (section === undefined) return undefined;
  const words = [
    section.pending === undefined ? '' : `${section.pending} pending`,
    section.security === undefined ? '' : `${section.security} for security`,
    section.reboot_required ? paint(panel.screen, 'yellow', 'reboot required') : 'no reboot required',
  ];
  return { title: `Updates (${section.manager})`, lines: [`  ${words.filter((word) => word !== '').join(', ')}`] };
}

function hardware(section: HardwareSection | undefined, panel: Panel): Block | undefined {
  if (section === undefined) return undefined;
  const { manufacturer, model, bios_version, bios_date, cpu_brand, cpu_sockets, cpu_physical_cores } = section;
  const cells: string[][] = [
    ['system', [manufacturer, model].join(' ').trim()],
    ['bios', [bios_version, bios_date].join(' ').trim()],
    ['cpu', cpu_brand ?? ''],
    ['cores', cpu_physical_cores === undefined ? '' : `${cpu_physical_cores} in ${cpu_sockets ?? 1} sockets`],
    ...(section.memory_modules ?? []).map(({ slot, size_bytes, type }) => [
      'memory',
      `${formatSize(size_bytes)} ${type ?? ''} ${slot ?? ''}`,
    ]),
    ...(section.disks ?? []).map(({ device, size_bytes, name }) => [
      'disk',
      `${device} ${formatSize(size_bytes)} ${name ?? ''}`,
    ]),
    ...(section.graphics ?? []).map((name) => ['graphics', name]),
  ];
  return {
    title: 'Hardware',
    lines: rows(
      panel,
      cells.filter(([, text]) => text !== ''),
    ),
  };
}

import { formatSize } from '../../lib/quantity/size.ts';
import type { HardwareSection } from '../../lib/system/report-platform.ts';
import type { Container, Service } from '../../lib/system/report-workload.ts';
import type { SysinfoReport } from '../../lib/system/report.ts';
import { paint } from '../../terminal/color.ts';
import { type Block, fold, more, type Panel, plural, rows } from './layout.ts';
import { sensorsBlock } from './sensors.ts';
import { updatesBlock } from './updates.ts';

const shownServices = 8;
const shownContainers = 8;
const shownUsers = 6;

/** What runs on the machine beside processes, one or a few lines each. */
export function platformBlocks(report: SysinfoReport, panel: Panel): Block[] {
  const blocks = [
    services(report, panel),
    containers(report, panel),
    sensorsBlock(report, panel),
    users(report, panel),
  ];
  return [...blocks, updatesBlock(report, panel), hardware(report.hardware, panel)].filter(
    (block) => block !== undefined,
  );
}

function services({ services: section }: SysinfoReport, panel: Panel): Block | undefined {
  if (section === undefined) return undefined;
  const { total, active, failed, activating } = section;
  const lines = [`  ${active} of ${total} active, ${failed.length} failed, ${activating.length} starting`];
  const list = (units: readonly Service[], color: 'red' | 'yellow', word: (unit: Service) => string): void => {
    const { shown, rest } = fold(panel, units, shownServices);
    const cells = shown.map((unit) => [word(unit), unit.unit, unit.description]);
    lines.push(
      ...rows(panel, cells, { cutEnd: [2] }).map((line) => paint(panel.screen, color, line)),
      ...more(panel, rest.length),
    );
  };
  list(failed, 'red', () => 'failed:');
  list(activating, 'yellow', ({ sub }) => (sub === 'auto-restart' ? 'restarting:' : 'starting:'));
  return { title: 'Services', lines };
}

function containers({ containers: section }: SysinfoReport, panel: Panel): Block | undefined {
  if (section === undefined) return undefined;
  const { shown, rest } = fold(
    panel,
    section.containers.toSorted((a, b) => trouble(b) - trouble(a)),
    shownContainers,
  );
  const lines = rows(
    panel,
    shown.map(({ name, state, health, image }) => [name, health ?? state, image]),
  );
  return {
    title: `Containers (${section.engine})`,
    lines: [`  ${section.running} of ${section.total} running`, ...lines, ...more(panel, rest.length)],
  };
}

/** What needs somebody comes first, then what runs, then what has ended. */
function trouble({ state, health }: Container): number {
  if (health === 'unhealthy' || state === 'dead') return 3;
  if (['restarting', 'paused', 'removing'].includes(state)) return 2;
  return state === 'running' ? 1 : 0;
}

function users({ users: section }: SysinfoReport, panel: Panel): Block | undefined {
  if (section === undefined || (section.length === 0 && !panel.detailed)) return undefined;
  if (section.length === 0) return { title: 'Users', lines: ['  nobody is logged in'] };
  const { shown, rest } = fold(panel, section, shownUsers);
  const cells = shown.map(({ user, terminal, since, from }) => [
    user,
    terminal,
    `since ${since.slice(0, 10)} ${since.slice(11, 16)} UTC`,
    from === undefined ? '' : `from ${from}`,
  ]);
  return { title: 'Users', lines: [...rows(panel, cells), ...more(panel, rest.length)] };
}

function hardware(section: HardwareSection | undefined, panel: Panel): Block | undefined {
  if (section === undefined) return undefined;
  const { manufacturer, model, bios_version, bios_date, cpu_brand, cpu_sockets = 1, cpu_physical_cores } = section;
  const words = (...parts: (string | undefined)[]) => parts.filter((part) => (part ?? '') !== '').join(' ');
  const cells: string[][] = [
    ['system', words(manufacturer, model)],
    ['bios', words(bios_version, bios_date)],
    ['cpu', cpu_brand ?? ''],
    ['cores', cpu_physical_cores === undefined ? '' : `${cpu_physical_cores} in ${plural(cpu_sockets, 'socket')}`],
    ...(section.memory_modules ?? []).map(({ slot, size_bytes, type }) => [
      'memory',
      words(formatSize(size_bytes), type, slot),
    ]),
    ...(section.disks ?? []).map(({ device, size_bytes, name }) => [
      'disk',
      words(device, formatSize(size_bytes), name),
    ]),
    ...(section.graphics ?? []).map((name) => ['graphics', name]),
  ];
  const known = cells.filter(([, text]) => text !== '');
  return { title: 'Hardware', lines: rows(panel, known) };
}

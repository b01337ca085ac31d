import { formatDuration } from '../../lib/quantity/duration.ts';
import { formatSize } from '../../lib/quantity/size.ts';
import type { BlockDevice, Disk } from '../../lib/system/report-storage.ts';
import type { SysinfoReport } from '../../lib/system/report.ts';
import { paint } from '../../terminal/color.ts';
import { width } from '../../terminal/width.ts';
import { clean } from './fit.ts';
import { type Block, cellsBesideBar, fold, meter, more, note, type Panel, percent, rows, wordsLine } from './layout.ts';

const shownDisks = 12;
const shownDevices = 5;
/** Beyond it the pace of today says little. */
const soonSeconds = 7 * 86_400;
/** `51.0 GiB left of 100 GiB`. */
const spaceCells = 25;

export function disksBlock({ disks }: SysinfoReport, panel: Panel): Block | undefined {
  if (disks === undefined) return undefined;
  if (disks.length === 0)
    return panel.detailed ? { title: 'Disks', lines: ['  no filesystem with space of its own'] } : undefined;
  const quiet = panel.detailed ? [] : disks.filter(isQuietMemory);
  const others = disks.filter((disk) => !quiet.includes(disk)).toSorted((a, b) => fullness(b) - fullness(a));
  const { shown, rest } = fold(
    panel,
    others,
    Math.max(shownDisks, others.filter((disk) => fullness(disk) >= 75).length),
  );
  const longest = Math.max(0, ...shown.map(({ mount }) => width(clean(mount, panel.screen))));
  const labelCells = Math.min(longest, Math.max(8, cellsBesideBar(panel) - spaceCells));
  const lines = shown.flatMap((disk) => diskLines(disk, labelCells, panel));
  lines.push(...more(panel, rest.length, `none above ${percent(rest[0]?.used_pct ?? 0)} %`));
  if (quiet.length > 0) {
    const most = percent(Math.max(...quiet.map(({ used_pct }) => used_pct ?? 0)));
    const mounts = quiet.map(({ mount }) => mount);
    const [line, ...below] = wordsLine(panel, `in memory, at most ${most} % used:`, mounts);
    lines.push(...[line!, ...below].map((each) => paint(panel.screen, 'dim', each)));
  }
  return { title: 'Disks', lines };
}

/** Every machine has a handful of these, nearly empty: one line is enough for them. */
function isQuietMemory({ fstype, used_pct }: Disk): boolean {
  return /^(dev)?tmpfs$/.test(fstype) && used_pct !== undefined && used_pct < 50;
}

/** Fullest first, and before them what did not answer. */
function fullness({ used_pct = 0, inodes_used_pct = 0, error }: Disk): number {
  return error === undefined ? Math.max(used_pct, inodes_used_pct) : Infinity;
}

function diskLines(disk: Disk, labelCells: number, panel: Panel): string[] {
  const { screen } = panel;
  const fstype = clean(disk.fstype, screen);
  if (disk.error !== undefined) {
    const lines = note(panel, disk.mount, labelCells, [clean(disk.error.message, screen), `(${fstype})`]);
    return lines.map((line) => paint(screen, 'red', line));
  }
  const { used_pct, inodes_used_pct = 0, full_in_seconds } = disk;
  const parts = [
    `${formatSize(disk.available_bytes ?? 0)} left of ${formatSize(disk.size_bytes ?? 0)}`,
    disk.read_only ? 'read-only' : '',
    inodes_used_pct >= 50 ? `inodes ${percent(inodes_used_pct)} %` : '',
    typeof full_in_seconds === 'number' && full_in_seconds < soonSeconds
      ? `full in ${formatDuration(full_in_seconds)}`
      : '',
  ];
  if (used_pct === undefined) return note(panel, disk.mount, labelCells, [...parts, fstype]);
  return meter(panel, disk.mount, labelCells, used_pct, parts, fstype);
}

/** The busiest devices of the sample; without a sample, what they did since boot. */
export function ioBlock({ io }: SysinfoReport, panel: Panel): Block | undefined {
  if (io === undefined) return undefined;
  const measured = io.filter((device) => device.read_bytes_per_second !== undefined);
  if (measured.length === 0)
    return panel.detailed ? { title: 'Disk activity since boot', lines: totals(io, panel) } : undefined;
  const busiest = measured.toSorted((a, b) => activity(b) - activity(a));
  const busy = panel.detailed ? busiest : busiest.filter((device) => activity(device) > 0);
  const idle = busiest.filter((device) => !busy.includes(device));
  const { shown, rest } = fold(panel, busy, shownDevices);
  const lines = rows(panel, shown.map(deviceCells), { right: [1, 2, 3] });
  lines.push(...more(panel, rest.length, `none busier than ${percent(rest[0]?.utilization_pct ?? 0)} %`));
  if (idle.length > 0)
    lines.push(
      ...wordsLine(
        panel,
        'idle:',
        idle.map(({ device }) => device),
      ),
    );
  return { title: 'Disk activity', lines };
}

function activity(device: BlockDevice): number {
  const { utilization_pct = 0, reads_per_second = 0, writes_per_second = 0 } = device;
  return utilization_pct + (reads_per_second + writes_per_second) / 1e6;
}

function deviceCells(device: BlockDevice): string[] {
  return [
    device.device,
    `${formatSize(device.read_bytes_per_second!)}/s read`,
    `${formatSize(device.written_bytes_per_second!)}/s written`,
    `${percent(device.utilization_pct ?? 0)} % busy`,
  ];
}

function totals(io: readonly BlockDevice[], panel: Panel): string[] {
  if (io.length === 0) return ['  no disks'];
  const cells = io.map(({ device, read_bytes, written_bytes }) => [
    device,
    `${formatSize(read_bytes)} read`,
    `${formatSize(written_bytes)} written`,
  ]);
  return rows(panel, cells, { right: [1, 2] });
}

import { formatDuration } from '../../lib/quantity/duration.ts';
import { formatSize } from '../../lib/quantity/size.ts';
import type { BlockDevice, Disk, SysinfoReport } from '../../lib/system/report.ts';
import { paint } from '../../terminal/color.ts';
import { printable } from '../../terminal/printable.ts';
import { pad, width } from '../../terminal/width.ts';
import { type Block, fit, meter, type Panel, percent, rows } from './layout.ts';

const widestMount = 28;

export function disksBlock({ disks }: SysinfoReport, panel: Panel): Block | undefined {
  if (disks === undefined || disks.length === 0) return undefined;
  const quiet = disks.filter(isQuietMemory);
  const shown = disks.filter((disk) => !quiet.includes(disk)).toSorted((a, b) => fullness(b) - fullness(a));
  const longest = Math.max(0, ...shown.map(({ mount }) => width(printable(mount))));
  const labelCells = panel.screen.terminal ? Math.min(widestMount, longest) : longest;
  const lines = shown.map((disk) => diskLine(disk, labelCells, panel));
  if (quiet.length > 0) {
    const most = Math.max(...quiet.map(({ used_pct }) => used_pct ?? 0));
    const text = `in memory, at most ${percent(most)} % used: ${quiet.map(({ mount }) => printable(mount)).join(' ')}`;
    lines.push(`  ${paint(panel.screen, 'dim', fit(text, panel.cells - 2, panel.screen))}`);
  }
  return { title: 'Disks', lines };
}

/** Every machine has a handful of these, nearly empty: one line is enough for them. */
function isQuietMemory({ fstype, used_pct }: Disk): boolean {
  return /^(dev)?tmpfs$/.test(fstype) && used_pct !== undefined && used_pct < 50;
}

/** Fullest first, and before them what did not answer. */
function fullness({ used_pct }: Disk): number {
  return used_pct ?? Infinity;
}

function diskLine(disk: Disk, labelCells: number, panel: Panel): string {
  const { screen } = panel;
  if (disk.error !== undefined) {
    const name = pad(fit(printable(disk.mount), labelCells, screen), labelCells);
    const text = fit(
      `${printable(disk.error.message)} (${printable(disk.fstype)})`,
      panel.cells - labelCells - 4,
      screen,
    );
    return `  ${name}  ${paint(screen, 'red', text)}`;
  }
  const notes = [
    disk.read_only ? 'read-only' : '',
    (disk.inodes_used_pct ?? 0) >= 50 ? `inodes ${percent(disk.inodes_used_pct!)} %` : '',
    typeof disk.full_in_seconds !== 'number' ? '' : `full in ${formatDuration(disk.full_in_seconds)}`,
    disk.fstype,
  ].filter((note) => note !== '');
  const space = `${formatSize(disk.available_bytes ?? 0)} left of ${formatSize(disk.size_bytes ?? 0)}`;
  return meter(panel, disk.mount, labelCells, disk.used_pct, [space, ...notes].join('  '));
}

/** Devices that did something in the sample; all of them when none did. */
export function ioBlock({ io }: SysinfoReport, panel: Panel): Block | undefined {
  const measured = io?.filter((device) => device.read_bytes_per_second !== undefined) ?? [];
  const busy = measured.filter((device) => device.reads_per_second! + device.writes_per_second! > 0);
  const shown = busy.length > 0 ? busy : measured;
  if (shown.length === 0) return undefined;
  const cells = shown
    .slice(0, 8)
    .map((device: BlockDevice) => [
      device.device,
      `${formatSize(device.read_bytes_per_second!)}/s read`,
      `${formatSize(device.written_bytes_per_second!)}/s written`,
      `${percent(device.utilization_pct ?? 0)} % busy`,
    ]);
  return { title: 'Disk activity', lines: rows(panel, cells, new Set([1, 2, 3])) };
}

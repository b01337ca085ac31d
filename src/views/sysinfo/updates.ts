import { formatDuration } from '../../lib/quantity/duration.ts';
import type { UpdatesSection } from '../../lib/system/report-platform.ts';
import type { SysinfoReport } from '../../lib/system/report.ts';
import { paint } from '../../terminal/color.ts';
import { clean, wrap } from './fit.ts';
import type { Block, Panel } from './layout.ts';

/** Counts older than this are told with their age: what came since is not in them. */
const oldSeconds = 2 * 86_400;
const shownPackages = 3;

export function updatesBlock({ updates, time }: SysinfoReport, panel: Panel): Block | undefined {
  if (updates === undefined) return undefined;
  const { pending, security, cache_time } = updates;
  const age = cache_time === undefined ? 0 : (Date.parse(time) - Date.parse(cache_time)) / 1000;
  const counts = [
    pending === undefined ? 'pending ones not counted' : `${pending} pending`,
    security === undefined ? '' : `${security} for security`,
    age > oldSeconds ? `lists are ${formatDuration(age)} old` : '',
  ].filter((word) => word !== '');
  if (!updates.reboot_required) counts.push('no reboot required');
  const lines = wrapped(counts.join(', '), panel);
  if (updates.reboot_required)
    lines.push(...wrapped(rebootWords(updates, panel), panel).map((line) => paint(panel.screen, 'yellow', line)));
  return { title: `Updates (${updates.manager})`, lines };
}

function rebootWords(
  { reboot_packages: packages = [], running_kernel, newest_kernel }: UpdatesSection,
  panel: Panel,
): string {
  const { screen, folded } = panel;
  const shown = folded ? packages.slice(0, shownPackages) : packages;
  const others = packages.length > shown.length ? ` and ${packages.length - shown.length} more` : '';
  const asked = packages.length === 0 ? '' : `: ${shown.map((name) => clean(name, screen)).join(', ')}${others}`;
  const isOld = running_kernel !== undefined && newest_kernel !== undefined && running_kernel !== newest_kernel;
  const kernel = isOld ? `; runs ${clean(running_kernel, screen)}, installed is ${clean(newest_kernel, screen)}` : '';
  return `reboot required${asked}${kernel}`;
}

function wrapped(text: string, { cells, screen }: Panel): string[] {
  return wrap(text, cells - 2, screen).map((line) => `  ${line}`);
}

import type { SysinfoReport } from '../../lib/system/report.ts';
import { paint } from '../../terminal/color.ts';
import { sparkline } from '../../terminal/sparkline.ts';
import type { Panel } from './layout.ts';

/** In the live view, one line with what a value was until now; nothing elsewhere. */
export function trend(
  { screen, cells }: Panel,
  indent: number,
  report: SysinfoReport,
  value: (report: SysinfoReport) => number | undefined,
  maximum: number,
): string[] {
  const previous = (screen.previous ?? []) as readonly SysinfoReport[];
  if (previous.length < 2) return [];
  const room = Math.min(40, cells - indent - 6);
  const line = sparkline([...previous, report].map(value), room, maximum, screen.unicode);
  return [`  ${' '.repeat(indent)}  ${paint(screen, 'cyan', line)}`];
}

import type { Screen } from '../command.ts';
import { formatDuration } from '../lib/quantity/duration.ts';
import type { OsSection, SysinfoReport } from '../lib/system/report.ts';
import { paint } from '../terminal/color.ts';
import { printable } from '../terminal/printable.ts';
import { worstMatters } from './sysinfo/attention.ts';
import { arrange, type Block, fit, panelCells } from './sysinfo/layout.ts';
import { networkBlock } from './sysinfo/network.ts';
import { platformBlocks } from './sysinfo/platform.ts';
import { processesBlock } from './sysinfo/processes.ts';
import { resourcesBlock } from './sysinfo/resources.ts';
import { explainRules } from './sysinfo/rules.ts';
import { disksBlock, ioBlock } from './sysinfo/storage.ts';

/** The report for a person: who, the worst things, then the sections. Off a terminal nothing is cut. */
export function viewSysinfo(report: SysinfoReport, screen: Screen, options: { explain?: true } = {}): string {
  if (options.explain === true) return explainRules(report, screen);
  const panel = { screen, cells: panelCells(screen) };
  const blocks = [
    resourcesBlock(report, panel),
    disksBlock(report, panel),
    ioBlock(report, panel),
    networkBlock(report, panel),
    processesBlock(report, panel),
    ...platformBlocks(report, panel),
  ].filter((block): block is Block => block !== undefined && block.lines.length > 0);
  const lines = [...heading(report, screen), ...attention(report, screen), '', ...arrange(blocks, screen)];
  lines.push(...footnotes(report, screen));
  return lines.join('\n').trimEnd();
}

function heading({ host, os }: SysinfoReport, screen: Screen): string[] {
  const name = paint(screen, 'bold', printable(host));
  if (os === undefined) return [name];
  const facts = osFacts(os)
    .map(printable)
    .join(screen.unicode ? ' · ' : ', ');
  return [`${name}  ${fit(facts, screen.columns - host.length - 2, screen)}`];
}

function osFacts(os: OsSection): string[] {
  const where = [os.virtualization === 'none' ? undefined : os.virtualization, os.container].filter(
    (word) => word !== undefined,
  );
  return [
    os.name ?? os.id ?? 'Linux',
    `kernel ${os.kernel}`,
    `up ${formatDuration(os.uptime_seconds)}`,
    os.architecture,
    ...where,
    ...(os.clock_synchronized === false ? ['clock not synchronized'] : []),
  ];
}

/** The three worst things first. Colour is no verdict: only rules decide. */
function attention(report: SysinfoReport, screen: Screen): string[] {
  const matters = worstMatters(report);
  if (matters.length === 0) return [paint(screen, 'green', `${screen.unicode ? '●' : '*'} nothing stands out`)];
  const mark = screen.unicode ? '▲' : '!';
  return matters.map(({ weight, text }) => {
    const line = fit(`${mark} ${printable(text)}`, screen.columns, screen);
    return paint(screen, weight >= 0.95 ? 'red' : 'yellow', line);
  });
}

function footnotes({ errors, unavailable }: SysinfoReport, screen: Screen): string[] {
  const lines = errors.map(({ section, subject, message, required }) => {
    const what = subject === undefined ? section : `${section} ${subject}`;
    return paint(screen, required ? 'red' : 'dim', `could not read ${printable(what)}: ${printable(message)}`);
  });
  if (unavailable.length > 0) {
    const names = unavailable.map(({ section }) => section).join(', ');
    lines.push(paint(screen, 'dim', `not on this machine: ${names}`));
  }
  return lines;
}

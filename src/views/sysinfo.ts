import type { Screen } from '../command.ts';
import type { SysinfoReport } from '../lib/system/report.ts';
import { paint } from '../terminal/color.ts';
import { width } from '../terminal/width.ts';
import { worstMatters } from './sysinfo/attention.ts';
import { clean, fit, wrap } from './sysinfo/fit.ts';
import { arrange, type Block, panelFor } from './sysinfo/layout.ts';
import { networkBlock } from './sysinfo/network.ts';
import { osBlock, osFacts } from './sysinfo/os.ts';
import { platformBlocks } from './sysinfo/platform.ts';
import { processesBlock } from './sysinfo/processes.ts';
import { resourcesBlock } from './sysinfo/resources.ts';
import { explainRules } from './sysinfo/rules.ts';
import { disksBlock, ioBlock } from './sysinfo/storage.ts';
import { unreadLines } from './sysinfo/unread.ts';

/** The report for a person: who, the worst things, then the sections. Off a terminal nothing is cut. */
export function viewSysinfo(report: SysinfoReport, screen: Screen, options: { explain?: true } = {}): string {
  if (options.explain === true) return explainRules(report, screen);
  const panel = panelFor(report, screen);
  const resources = [osBlock(report, panel), resourcesBlock(report, panel)];
  const disks = disksBlock(report, panel);
  const io = ioBlock(report, panel);
  const network = networkBlock(report, panel);
  const processes = processesBlock(report, panel);
  const isLive = screen.previous !== undefined;
  // Below its last row a live view shows nothing, so what changes fastest comes first.
  const kernel = isLive ? [processes, io, network, disks] : [disks, io, network, processes];
  const blocks = [...resources, ...kernel, ...platformBlocks(report, panel)].filter(
    (block): block is Block => block !== undefined && block.lines.length > 0,
  );
  const lines = [...heading(report, screen), ...attention(report, screen, panel.detailed), ''];
  lines.push(...arrange(blocks, screen), ...unreadLines(report, panel));
  return lines.join('\n').trimEnd();
}

function heading({ host, os }: SysinfoReport, screen: Screen): string[] {
  const name = fit(clean(host, screen), screen.columns, screen);
  const painted = paint(screen, 'bold', name);
  if (os === undefined) return [painted];
  const facts = osFacts(os)
    .map((fact) => clean(fact, screen))
    .join(screen.unicode ? ' · ' : ', ');
  if (width(name) + 2 + width(facts) <= screen.columns) return [`${painted}  ${facts}`];
  return [painted, fit(facts, screen.columns, screen)];
}

/** The three worst things first. Colour is no verdict: only rules decide. */
function attention(report: SysinfoReport, screen: Screen, detailed: boolean): string[] {
  const { shown, hidden } = worstMatters(report, screen);
  if (shown.length === 0) return calm(report, screen, detailed);
  const mark = screen.unicode ? '▲' : '!';
  const lines = shown.flatMap(({ weight, text }) =>
    wrap(clean(text, screen), screen.columns - 2, screen).map((line, at) =>
      paint(screen, weight >= 0.95 ? 'red' : 'yellow', `${at === 0 ? mark : ' '} ${line}`),
    ),
  );
  return hidden === 0 ? lines : [...lines, paint(screen, 'dim', `  and ${hidden} more worth a look`)];
}

/** Of a few sections nobody can say that nothing is wrong with the machine. */
function calm({ rules }: SysinfoReport, screen: Screen, detailed: boolean): string[] {
  const fired = rules.length === 0 ? '' : 'no rule fired';
  const words = [fired, detailed ? '' : 'nothing stands out'].filter((word) => word !== '').join(', ');
  return words === '' ? [] : [paint(screen, 'green', `${screen.unicode ? '●' : '*'} ${words}`)];
}

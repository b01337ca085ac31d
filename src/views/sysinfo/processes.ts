import { formatDuration } from '../../lib/quantity/duration.ts';
import { formatSize } from '../../lib/quantity/size.ts';
import type { Process } from '../../lib/system/report-workload.ts';
import type { SysinfoReport } from '../../lib/system/report.ts';
import { type Block, fold, more, type Panel, percent, plural, rows, wordsLine } from './layout.ts';

const shownBlocked = 3;
const shownParents = 5;

export function processesBlock({ processes }: SysinfoReport, panel: Panel): Block | undefined {
  if (processes === undefined) return undefined;
  const { total, threads, running, blocked, zombie, stopped, partial } = processes;
  const counts = [
    plural(total, 'process', 'processes'),
    plural(threads, 'thread'),
    `${running} running`,
    blocked > 0 ? `${blocked} blocked` : '',
    zombie > 0 ? plural(zombie, 'zombie') : '',
    stopped > 0 ? `${stopped} stopped` : '',
    partial === true ? 'others are hidden from you' : '',
  ];
  const lines = [`  ${counts.filter((word) => word !== '').join(', ')}`];
  lines.push(...blockedLines(processes.blocked_processes, blocked, panel), ...zombieLines(processes.zombies, panel));
  const greedy = [...new Map([...processes.top_cpu, ...processes.top_memory].map((each) => [each.pid, each])).values()];
  const header = ['PID', 'USER', 'CPU', 'MEMORY', 'AGE', 'NAME'];
  lines.push(...rows(panel, greedy.map(processCells), { header, right: [0, 2, 3, 4] }));
  return { title: 'Processes', lines };
}

function blockedLines(processes: readonly Process[], count: number, panel: Panel): string[] {
  const { shown } = fold(panel, processes, shownBlocked);
  const cells = shown.map(({ pid, name, wait_channel }) => [
    'blocked:',
    String(pid),
    name,
    `in ${wait_channel ?? 'the kernel'}`,
  ]);
  return [
    ...rows(panel, cells, { right: [1] }),
    ...more(panel, shown.length === 0 ? 0 : Math.max(0, count - shown.length)),
  ];
}

/** A zombie goes away when its parent asks how it ended, so it is the parent that somebody has to look at. */
function zombieLines(zombies: readonly Process[], panel: Panel): string[] {
  const byParent = [...Map.groupBy(zombies, ({ parent_pid }) => parent_pid)].toSorted(
    (a, b) => b[1].length - a[1].length,
  );
  if (byParent.length === 0) return [];
  const { shown, rest } = fold(panel, byParent, shownParents);
  const parents = shown.map(([pid, children]) => `${pid} (${children.length})`);
  const others = rest.length === 0 ? [] : [`and ${rest.length} more`];
  return wordsLine(panel, 'zombies left by pid', [...parents, ...others]);
}

function processCells(each: Process): string[] {
  return [
    String(each.pid),
    each.user ?? '',
    each.cpu_pct === undefined ? '' : `${percent(each.cpu_pct)} %`,
    formatSize(each.resident_bytes),
    formatDuration(each.age_seconds),
    each.name,
  ];
}

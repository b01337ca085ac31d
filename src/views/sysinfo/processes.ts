import { formatDuration } from '../../lib/quantity/duration.ts';
import { formatSize } from '../../lib/quantity/size.ts';
import type { Process, SysinfoReport } from '../../lib/system/report.ts';
import { type Block, type Panel, percent, rows } from './layout.ts';

export function processesBlock({ processes }: SysinfoReport, panel: Panel): Block | undefined {
  if (processes === undefined) return undefined;
  const { total, threads, running, blocked, zombie, partial } = processes;
  const counts = [
    `${total} processes`,
    `${threads} threads`,
    `${running} running`,
    blocked > 0 ? `${blocked} blocked` : '',
    zombie > 0 ? `${zombie} zombies` : '',
    partial === true ? 'only your own are visible' : '',
  ];
  const lines = [`  ${counts.filter((word) => word !== '').join(', ')}`];
  const waiting = processes.blocked_processes.map((each) => [
    `pid ${each.pid}`,
    each.name,
    `blocked in ${each.wait_channel ?? 'the kernel'}`,
  ]);
  lines.push(...rows(panel, waiting.slice(0, 5)));
  const greedy = [...new Map([...processes.top_cpu, ...processes.top_memory].map((each) => [each.pid, each])).values()];
  lines.push(...rows(panel, greedy.map(processCells), new Set([0, 2, 3, 4])));
  return { title: 'Processes', lines };
}

function processCells(each: Process): string[] {
  const cpu = each.cpu_pct === undefined ? '' : `${percent(each.cpu_pct)} % cpu`;
  return [
    String(each.pid),
    each.user ?? '',
    cpu,
    formatSize(each.resident_bytes),
    formatDuration(each.age_seconds),
    each.name,
  ];
}

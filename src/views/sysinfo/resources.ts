import { formatSize } from '../../lib/quantity/size.ts';
import type { CgroupSection, CpuSection, MemorySection, Pressure } from '../../lib/system/report-resources.ts';
import type { SysinfoReport } from '../../lib/system/report.ts';
import { type Block, meter, note, type Panel, percent } from './layout.ts';
import { trend } from './trend.ts';

const labelCells = 6;

/** Processors, memory, swap and the limits of this control group: host and limit side by side. */
export function resourcesBlock(report: SysinfoReport, panel: Panel): Block | undefined {
  const { cpu, memory, cgroup } = report;
  const lines: string[] = [];
  if (cpu !== undefined) lines.push(...cpuLines(cpu, report, panel));
  if (memory !== undefined) lines.push(...memoryLines(memory, report, panel));
  if (cgroup !== undefined) lines.push(...cgroupLines(cgroup, memory, cpu, panel));
  if (cgroup !== undefined && lines.length === 0) lines.push(`  no limits in this control group`);
  return lines.length === 0 ? undefined : { title: 'Resources', lines };
}

function cpuLines(cpu: CpuSection, report: SysinfoReport, panel: Panel): string[] {
  const { modes } = cpu;
  const cores = cpu.effective_source === 'host' ? `${cpu.cores}` : `${round(cpu.effective_cores)} of ${cpu.cores}`;
  const parts = [
    `${cores} ${cpu.cores === 1 ? 'core' : 'cores'}`,
    `load ${[cpu.load1, cpu.load5, cpu.load15].map((value) => value.toFixed(2)).join(' ')}`,
    (modes?.steal ?? 0) >= 1 ? `steal ${percent(modes!.steal)} %` : '',
    (modes?.iowait ?? 0) >= 1 ? `iowait ${percent(modes!.iowait)} %` : '',
    waiting(cpu.pressure),
  ];
  const lines =
    cpu.usage_pct === undefined
      ? note(panel, 'cpu', labelCells, parts)
      : meter(panel, 'cpu', labelCells, cpu.usage_pct, parts);
  lines.push(...trend(panel, labelCells, report, (each) => each.cpu?.usage_pct, 100));
  if (!panel.detailed) return lines;
  const shares = Object.entries(modes ?? {}).map(([mode, share]) => `${mode} ${percent(share)} %`);
  if (shares.length > 0) lines.push(...note(panel, '', labelCells, shares));
  if (cpu.model !== undefined) lines.push(...note(panel, '', labelCells, [cpu.model]));
  return lines;
}

function memoryLines(memory: MemorySection, report: SysinfoReport, panel: Panel): string[] {
  const used = memory.total_bytes - memory.available_bytes;
  const kills = memory.oom_kills ?? 0;
  const lines = meter(panel, 'memory', labelCells, memory.used_pct, [
    `${formatSize(used)} of ${formatSize(memory.total_bytes)}`,
    waiting(memory.pressure),
    kills > 0 ? `${kills} killed for want of memory` : '',
  ]);
  lines.push(...trend(panel, labelCells, report, (each) => each.memory?.used_pct, 100));
  const { limit_source, total_bytes, available_bytes, used_pct } = memory.effective;
  if (limit_source === 'cgroup') {
    const parts = [limitWords(total_bytes - available_bytes, total_bytes), `host ${formatSize(memory.total_bytes)}`];
    lines.push(...meter(panel, 'cgroup', labelCells, used_pct, parts));
  }
  if (memory.swap_used_pct !== undefined) {
    const swapped = memory.swap_total_bytes - memory.swap_free_bytes;
    const swap = `${formatSize(swapped)} of ${formatSize(memory.swap_total_bytes)}`;
    lines.push(...meter(panel, 'swap', labelCells, memory.swap_used_pct, [swap]));
  }
  if (!panel.detailed) return lines;
  const kinds: [string, number | undefined][] = [
    ['free', memory.free_bytes],
    ['buffers', memory.buffers_bytes],
    ['cached', memory.cached_bytes],
    ['shared', memory.shared_bytes],
    ['dirty', memory.dirty_bytes],
  ];
  const known = kinds.flatMap(([name, bytes]) => (bytes === undefined ? [] : [`${name} ${formatSize(bytes)}`]));
  return [...lines, ...note(panel, '', labelCells, known)];
}

function limitWords(inUse: number, limit: number): string {
  return `${formatSize(inUse)} of ${formatSize(limit)} limit`;
}

function cgroupLines(
  { memory: limits, cpu: quota, pids }: CgroupSection,
  memory: MemorySection | undefined,
  cpu: CpuSection | undefined,
  panel: Panel,
): string[] {
  const lines: string[] = [];
  const { limit_bytes: limit, current_bytes: current, inactive_file_bytes: cache = 0 } = limits ?? {};
  if (memory === undefined && limit !== undefined && current !== undefined) {
    const inUse = Math.max(0, current - cache);
    const pct = limit === 0 ? 100 : Math.min(100, (100 * inUse) / limit);
    lines.push(...meter(panel, 'cgroup', labelCells, pct, [limitWords(inUse, limit)]));
  }
  if (quota?.quota_cores !== undefined) {
    const cores = `${round(quota.quota_cores)} ${cpu === undefined ? 'cores' : `of ${cpu.cores} cores`}`;
    const throttled =
      quota.throttled_pct === undefined ? '' : `throttled in ${percent(quota.throttled_pct)} % of the periods`;
    lines.push(...note(panel, 'quota', labelCells, [cores, throttled]));
  }
  if (pids?.limit !== undefined) {
    const pct = pids.limit === 0 ? 100 : (100 * pids.current) / pids.limit;
    lines.push(...meter(panel, 'pids', labelCells, pct, [`${pids.current} of ${pids.limit}`]));
  }
  return lines;
}

/** Only pressure that somebody would notice is worth its place. */
function waiting(pressure: Pressure | undefined): string {
  const share = pressure?.some_avg10_pct ?? 0;
  return share >= 1 ? `pressure ${percent(share)} %` : '';
}

function round(cores: number): string {
  return String(Number(cores.toFixed(2)));
}

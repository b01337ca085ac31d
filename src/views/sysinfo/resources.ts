import { formatSize } from '../../lib/quantity/size.ts';
import type { CgroupSection, CpuSection, MemorySection, Pressure, SysinfoReport } from '../../lib/system/report.ts';
import { type Block, meter, type Panel, percent } from './layout.ts';
import { trend } from './trend.ts';

const labelCells = 8;

/** Processors, memory, swap and the limits of this control group: host and limit side by side. */
export function resourcesBlock(report: SysinfoReport, panel: Panel): Block | undefined {
  const { cpu, memory, cgroup } = report;
  const lines: string[] = [];
  if (cpu !== undefined) lines.push(...cpuLines(cpu, panel));
  if (memory !== undefined) lines.push(...memoryLines(memory, panel));
  if (cgroup !== undefined) lines.push(...cgroupLines(cgroup, memory, cpu, panel));
  return lines.length === 0 ? undefined : { title: 'Resources', lines };
}

function cpuLines(cpu: CpuSection, panel: Panel): string[] {
  const cores = cpu.effective_source === 'host' ? `${cpu.cores}` : `${round(cpu.effective_cores)} of ${cpu.cores}`;
  const steal = (cpu.modes?.steal ?? 0) >= 1 ? `  steal ${percent(cpu.modes!.steal)} %` : '';
  const wait = (cpu.modes?.iowait ?? 0) >= 1 ? `  iowait ${percent(cpu.modes!.iowait)} %` : '';
  const load = `load ${[cpu.load1, cpu.load5, cpu.load15].map((value) => value.toFixed(2)).join(' ')}`;
  const detail = `${cores} cores  ${load}${steal}${wait}${waiting(cpu.pressure)}`;
  return [
    meter(panel, 'cpu', labelCells, cpu.usage_pct, detail),
    ...trend(panel, labelCells, (report) => report.cpu?.usage_pct, 100),
  ];
}

function memoryLines(memory: MemorySection, panel: Panel): string[] {
  const used = memory.total_bytes - memory.available_bytes;
  const kills = (memory.oom_kills ?? 0) > 0 ? `  ${memory.oom_kills} killed for want of memory` : '';
  const detail = `${formatSize(used)} of ${formatSize(memory.total_bytes)}${kills}${waiting(memory.pressure)}`;
  const lines = [
    meter(panel, 'memory', labelCells, memory.used_pct, detail),
    ...trend(panel, labelCells, (report) => report.memory?.used_pct, 100),
  ];
  if (memory.swap_used_pct !== undefined) {
    const swap = `${formatSize(memory.swap_total_bytes - memory.swap_free_bytes)} of ${formatSize(memory.swap_total_bytes)}`;
    lines.push(meter(panel, 'swap', labelCells, memory.swap_used_pct, swap));
  }
  return lines;
}

function cgroupLines(
  cgroup: CgroupSection,
  memory: MemorySection | undefined,
  cpu: CpuSection | undefined,
  panel: Panel,
): string[] {
  const lines: string[] = [];
  if (memory?.effective.limit_source === 'cgroup') {
    const { used_pct, total_bytes } = memory.effective;
    const detail = `limit ${formatSize(total_bytes)} of this control group (host ${formatSize(memory.total_bytes)})`;
    lines.push(meter(panel, 'limit', labelCells, used_pct, detail));
  }
  if (cgroup.cpu?.quota_cores !== undefined) {
    const host = cpu === undefined ? '' : ` (host ${cpu.cores})`;
    const detail = `quota ${round(cgroup.cpu.quota_cores)} cores${host}, throttled in ${percent(cgroup.cpu.throttled_pct ?? 0)} % of the periods`;
    lines.push(meter(panel, 'quota', labelCells, undefined, detail));
  }
  const { pids } = cgroup;
  if (pids?.limit !== undefined) {
    lines.push(meter(panel, 'pids', labelCells, (100 * pids.current) / pids.limit, `${pids.current} of ${pids.limit}`));
  }
  return lines;
}

/** Only pressure that somebody would notice is worth its place. */
function waiting(pressure: Pressure | undefined): string {
  const share = pressure?.some_avg10_pct ?? 0;
  return share >= 1 ? `  pressure ${percent(share)} %` : '';
}

function round(cores: number): string {
  return String(Number(cores.toFixed(2)));
}

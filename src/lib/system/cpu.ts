import { printable } from '../text/printable.ts';
import { labelledNumber, required } from './kernel-text.ts';
import { readPressure } from './pressure.ts';
import { readText } from './probe.ts';
import type { Probe } from './probe.ts';
import { readFirstProcessor } from './processor.ts';
import type { CpuModes, CpuSeconds, CpuSection, PerCpu } from './report-resources.ts';

/** The processors at one moment. */
export interface CpuCounters {
  total: CpuSeconds;
  /** The processors that are online. */
  perCpu: { cpu: number; seconds: CpuSeconds }[];
  contextSwitches: number;
  procsRunning?: number;
  procsBlocked?: number;
}

/**
 * Ticks a second in every file of /proc. Whatever rate the kernel was built for (CONFIG_HZ), it converts to USER_HZ for
 * programs, and that is 100 on every architecture that Node runs on: part of the kernel's interface (time(7)).
 */
export const ticksPerSecond = 100;

/** Throws when /proc/stat cannot be read, and a SyntaxError when it has not the counters of a Linux since 2.6.11. */
export function readCpuCounters(probe: Probe): CpuCounters {
  return parseStat(readText(probe, '/proc/stat'));
}

/** proc_stat(5). `user` includes the time of guests already (and `nice` that of niced guests), so those are not added. */
export function parseStat(text: string): CpuCounters {
  let total: CpuSeconds | undefined;
  const perCpu: CpuCounters['perCpu'] = [];
  let start = 0;
  // The lines of the processors come first. The line `intr` below has thousands of numbers, so nothing else is split.
  while (text.startsWith('cpu', start)) {
    const end = text.indexOf('\n', start);
    const fields = text.slice(start, end === -1 ? undefined : end).split(/ +/);
    const seconds = parseSeconds(fields);
    if (fields[0] === 'cpu') total = seconds;
    else perCpu.push({ cpu: Number(fields[0]!.slice(3)), seconds });
    if (end === -1) break;
    start = end + 1;
  }
  if (total === undefined || perCpu.length === 0) throw new SyntaxError('/proc/stat has no processors');
  const running = labelledNumber(text, 'procs_running ');
  const blocked = labelledNumber(text, 'procs_blocked ');
  return {
    total,
    perCpu,
    contextSwitches: required(labelledNumber(text, 'ctxt '), '/proc/stat', 'ctxt'),
    ...(running !== undefined && { procsRunning: running }),
    ...(blocked !== undefined && { procsBlocked: blocked }),
  };
}

function parseSeconds(fields: readonly string[]): CpuSeconds {
  const seconds = (field: number): number => {
    const ticks = Number(fields[field]);
    if (!Number.isFinite(ticks)) {
      throw new SyntaxError(`/proc/stat: not a line of a processor: "${printable(fields.join(' '))}"`);
    }
    return ticks / ticksPerSecond;
  };
  return {
    user: seconds(1),
    nice: seconds(2),
    system: seconds(3),
    idle: seconds(4),
    iowait: seconds(5),
    irq: seconds(6),
    softirq: seconds(7),
    steal: seconds(8),
  };
}

/** Percentages need the second look; without it there are only the totals since boot. Throws when /proc/loadavg cannot be read. */
export function cpuSection(
  probe: Probe,
  first: CpuCounters,
  second: CpuCounters | undefined,
  effective: { cores: number; source: CpuSection['effective_source'] },
): CpuSection {
  const last = second ?? first;
  const { model } = readFirstProcessor(probe, 'cpu');
  const shares = second && sharesBetween(first.total, second.total);
  const pressure = readPressure(probe, 'cpu');
  return {
    ...(model !== undefined && { model: printable(model) }),
    cores: last.perCpu.length,
    effective_cores: effective.cores,
    effective_source: effective.source,
    ...parseLoad(readText(probe, '/proc/loadavg')),
    ...shares,
    seconds: last.total,
    per_cpu: perCpuBetween(first, second),
    ...(pressure && { pressure }),
    context_switches: last.contextSwitches,
    ...(last.procsRunning !== undefined && { procs_running: last.procsRunning }),
    ...(last.procsBlocked !== undefined && { procs_blocked: last.procsBlocked }),
  };
}

export function parseLoad(text: string): Pick<CpuSection, 'load1' | 'load5' | 'load15'> {
  const match = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) /.exec(text);
  if (match === null) throw new SyntaxError('/proc/loadavg has no three load averages');
  return { load1: Number(match[1]), load5: Number(match[2]), load15: Number(match[3]) };
}

/**
 * Where the time between two looks went, and the share of it that was work; undefined when no tick passed.
 * A counter that went back counts as 0: iowait does so on a busy machine, and all do when a processor goes offline.
 * Stolen time is not idle: there was work, and the hypervisor kept the processor from it.
 */
export function sharesBetween(
  first: CpuSeconds,
  second: CpuSeconds,
): { usage_pct: number; modes: CpuModes } | undefined {
  // In whole ticks again, or the float noise of the seconds would show in every percentage.
  const passed = (mode: keyof CpuModes): number =>
    Math.max(0, Math.round((second[mode] - first[mode]) * ticksPerSecond));
  const ticks = {
    user: passed('user'),
    nice: passed('nice'),
    system: passed('system'),
    idle: passed('idle'),
    iowait: passed('iowait'),
    irq: passed('irq'),
    softirq: passed('softirq'),
    steal: passed('steal'),
  };
  const total = Object.values(ticks).reduce((sum, mode) => sum + mode);
  if (total === 0) return undefined;
  const percent = (part: number): number => (part * 100) / total;
  const modes = {
    user: percent(ticks.user),
    nice: percent(ticks.nice),
    system: percent(ticks.system),
    idle: percent(ticks.idle),
    iowait: percent(ticks.iowait),
    irq: percent(ticks.irq),
    softirq: percent(ticks.softirq),
    steal: percent(ticks.steal),
  };
  return { usage_pct: percent(total - ticks.idle - ticks.iowait), modes };
}

function perCpuBetween(first: CpuCounters, second: CpuCounters | undefined): PerCpu[] {
  if (second === undefined) return first.perCpu;
  const before = new Map(first.perCpu.map(({ cpu, seconds }) => [cpu, seconds]));
  return second.perCpu.map(({ cpu, seconds }) => {
    const earlier = before.get(cpu);
    const shares = earlier && sharesBetween(earlier, seconds);
    return { cpu, ...(shares && { usage_pct: shares.usage_pct }), seconds };
  });
}

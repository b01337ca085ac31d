import type { Screen } from '../../command.ts';
import { formatDuration } from '../../lib/quantity/duration.ts';
import { formatSize } from '../../lib/quantity/size.ts';
import type { RuleResult, SysinfoReport } from '../../lib/system/report.ts';
import { percent, plural } from './layout.ts';
import type { Matter } from './matter.ts';
import { platformMatters } from './platform-matters.ts';

const noticeable = 0.7;
const worst = 3;
const mostRules = 20;

/** The worst things of a report, worst first: three, or every rule that fired, for none may hide another. */
export function worstMatters(report: SysinfoReport, screen: Screen): { shown: Matter[]; hidden: number } {
  const rules = [...ruleMatters(report)];
  const all = [...rules, ...errorMatters(report), ...diskMatters(report), ...loadMatters(report)];
  const sorted = [...all, ...platformMatters(report, screen)]
    .filter(({ weight }) => weight >= noticeable)
    .toSorted((a, b) => b.weight - a.weight);
  const told = new Set<string>();
  const matters = sorted.filter(({ about }) => about === undefined || (!told.has(about) && told.add(about)));
  const shown = matters.slice(0, Math.max(worst, Math.min(rules.length, mostRules)));
  return { shown, hidden: matters.length - shown.length };
}

/** 0.7 where a value is noticeable, 1 where it is bad, a little more beyond; 0 below. */
function weigh(value: number | undefined, from: number, bad: number): number {
  if (value === undefined || value < from) return 0;
  return Math.min(1.3, noticeable + ((1 - noticeable) * (value - from)) / (bad - from));
}

function* ruleMatters({ rules }: SysinfoReport): Generator<Matter> {
  for (const result of rules) {
    const weight = weightOf(result);
    if (weight === 0) continue;
    const { name, message } = result;
    yield { weight, text: name === undefined ? message : `${name}: ${message}`, ...aboutDisk(result) };
  }
}

function weightOf({ state, severity }: RuleResult): number {
  if (state === 'fired') return severity === 'critical' ? 3 : 2;
  if (state === 'unknown') return 2.5;
  return state === 'pending' ? 1.4 : 0;
}

function aboutDisk({ metric, labels, name }: RuleResult): Pick<Matter, 'about'> {
  // A rule with a name is somebody's own alarm: it is told whatever else is told of the disk.
  if (!metric.startsWith('disk.') || labels['mount'] === undefined || name !== undefined) return {};
  return { about: `${metric.includes('inodes') ? 'inodes' : 'space'} ${labels['mount']}` };
}

function* errorMatters({ errors }: SysinfoReport): Generator<Matter> {
  for (const { required, section, subject, message } of errors) {
    if (!required) continue;
    const text = `${section}${subject === undefined ? '' : ` ${subject}`}: ${message}`;
    yield { weight: 1.5, text, ...(section === 'disks' && { about: `space ${subject}` }) };
  }
}

function* diskMatters({ disks = [] }: SysinfoReport): Generator<Matter> {
  for (const { mount, used_pct, available_bytes = 0, inodes_used_pct, fstype, full_in_seconds } of disks) {
    // An image of a disc is always full.
    if (fstype === 'iso9660' || fstype === 'udf') continue;
    const soon = typeof full_in_seconds === 'number' ? `, full in ${formatDuration(full_in_seconds)} at this pace` : '';
    yield {
      weight: weigh(used_pct, 80, 95),
      text: `${mount} is ${percent(used_pct ?? 0)} % full, ${formatSize(available_bytes)} left${soon}`,
      about: `space ${mount}`,
    };
    yield {
      weight: weigh(inodes_used_pct, 80, 95),
      text: `${mount} has ${percent(inodes_used_pct ?? 0)} % of its inodes in use`,
      about: `inodes ${mount}`,
    };
  }
}

function* loadMatters({ os, cpu, memory, cgroup, network, io = [] }: SysinfoReport): Generator<Matter> {
  if (memory !== undefined) {
    const { used_pct, limit_source, available_bytes } = memory.effective;
    const whose = limit_source === 'cgroup' ? 'memory of this control group' : 'memory';
    yield {
      weight: weigh(used_pct, 80, 95),
      text: `${whose} is ${percent(used_pct)} % used, ${formatSize(available_bytes)} left`,
    };
    const swap = memory.swap_used_pct ?? 0;
    yield { weight: weigh(swap, 70, 95), text: `swap is ${percent(swap)} % used` };
    const stalled = memory.pressure?.some_avg10_pct ?? 0;
    yield { weight: weigh(stalled, 10, 30), text: `work waited ${percent(stalled)} % of the last 10 s for memory` };
    const kills = memory.oom_kills ?? 0;
    const killed = `${plural(kills, 'process was', 'processes were')} killed for want of memory since boot`;
    yield { weight: kills > 0 ? 0.8 : 0, text: killed };
  }
  if (cpu !== undefined) {
    const perCore = cpu.load5 / cpu.effective_cores;
    const { steal = 0, iowait = 0 } = cpu.modes ?? {};
    const waited = cpu.pressure?.some_avg60_pct ?? 0;
    yield {
      weight: weigh(waited, 50, 90),
      text: `work waited ${percent(waited)} % of the last minute for a processor`,
    };
    yield { weight: weigh(perCore, 1.5, 3), text: `load is ${perCore.toFixed(1)} for each processor` };
    yield { weight: weigh(steal, 10, 25), text: `the hypervisor keeps ${percent(steal)} % of the processors` };
    yield { weight: weigh(iowait, 30, 60), text: `processors wait ${percent(iowait)} % of the time for disks` };
  }
  for (const { device, utilization_pct } of io) {
    yield {
      weight: weigh(utilization_pct, 95, 100) * 0.8,
      text: `${device} is busy ${percent(utilization_pct ?? 0)} %`,
    };
  }
  const throttled = cgroup?.cpu?.throttled_pct;
  yield {
    weight: weigh(throttled, 15, 40),
    text: `the CPU quota throttled in ${percent(throttled ?? 0)} % of the periods`,
  };
  const tracked = network?.conntrack?.used_pct;
  yield { weight: weigh(tracked, 75, 95), text: `connection tracking is ${percent(tracked ?? 0)} % full` };
  for (const { name, errors_per_second = 0 } of network?.interfaces ?? []) {
    yield {
      weight: weigh(errors_per_second, 1, 50),
      text: `${name} has ${percent(errors_per_second)} errors a second`,
    };
  }
  if (os?.clock_synchronized === false) yield { weight: 0.71, text: 'the clock is not synchronized' };
}

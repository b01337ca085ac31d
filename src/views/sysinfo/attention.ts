import { formatSize } from '../../lib/quantity/size.ts';
import type { SysinfoReport } from '../../lib/system/report.ts';
import { percent } from './layout.ts';

/** Something worth a look. `weight` orders them: about 0.5 is noticeable, 1 is bad, more is worse. It is no verdict. */
export interface Matter {
  weight: number;
  text: string;
}

const shown = 3;
const noticeable = 0.7;

/** The worst things of a report, worst first. */
export function worstMatters(report: SysinfoReport): Matter[] {
  const all = [...ruleMatters(report), ...errorMatters(report), ...diskMatters(report), ...loadMatters(report)];
  const matters = [...all, ...platformMatters(report)].filter(({ weight }) => weight >= noticeable);
  return matters.sort((a, b) => b.weight - a.weight).slice(0, shown);
}

function* ruleMatters({ rules }: SysinfoReport): Generator<Matter> {
  for (const { state, severity, message } of rules) {
    if (state === 'fired') yield { weight: severity === 'critical' ? 3 : 2, text: message };
    if (state === 'unknown') yield { weight: 2.5, text: message };
  }
}

function* errorMatters({ errors }: SysinfoReport): Generator<Matter> {
  for (const { required, section, subject, message } of errors) {
    if (required) yield { weight: 1.5, text: `${section}${subject === undefined ? '' : ` ${subject}`}: ${message}` };
  }
}

function* diskMatters({ disks = [] }: SysinfoReport): Generator<Matter> {
  for (const { mount, used_pct = 0, available_bytes = 0, inodes_used_pct = 0 } of disks) {
    yield {
      weight: used_pct / 95,
      text: `${mount} is ${percent(used_pct)} % full, ${formatSize(available_bytes)} left`,
    };
    yield { weight: inodes_used_pct / 95, text: `${mount} has ${percent(inodes_used_pct)} % of its inodes in use` };
  }
}

function* loadMatters({ cpu, memory, cgroup, network }: SysinfoReport): Generator<Matter> {
  if (memory !== undefined) {
    const { used_pct, limit_source, available_bytes } = memory.effective;
    const whose = limit_source === 'cgroup' ? 'memory of this control group' : 'memory';
    yield {
      weight: used_pct / 95,
      text: `${whose} is ${percent(used_pct)} % used, ${formatSize(available_bytes)} left`,
    };
    yield { weight: (memory.swap_used_pct ?? 0) / 100, text: `swap is ${percent(memory.swap_used_pct ?? 0)} % used` };
    yield { weight: (memory.pressure?.some_avg10_pct ?? 0) / 20, text: 'work is waiting for memory' };
    const kills = memory.oom_kills ?? 0;
    yield { weight: kills > 0 ? 0.8 : 0, text: `${kills} processes were killed for want of memory since boot` };
  }
  if (cpu !== undefined) {
    const perCore = cpu.load5 / cpu.effective_cores;
    yield { weight: perCore / 2, text: `load is ${perCore.toFixed(1)} for each processor` };
    yield {
      weight: (cpu.modes?.steal ?? 0) / 15,
      text: `the hypervisor keeps ${percent(cpu.modes?.steal ?? 0)} % of the processors`,
    };
    yield {
      weight: (cpu.modes?.iowait ?? 0) / 40,
      text: `processors wait ${percent(cpu.modes?.iowait ?? 0)} % of the time for disks`,
    };
  }
  const throttled = cgroup?.cpu?.throttled_pct ?? 0;
  yield { weight: throttled / 25, text: `the CPU quota throttled in ${percent(throttled)} % of the periods` };
  const tracked = network?.conntrack?.used_pct ?? 0;
  yield { weight: tracked / 90, text: `connection tracking is ${percent(tracked)} % full` };
}

function* platformMatters({
  services,
  processes,
  containers,
  sensors = [],
  updates,
}: SysinfoReport): Generator<Matter> {
  const failed = services?.failed ?? [];
  yield {
    weight: failed.length > 0 ? 1 : 0,
    text: `failed: ${failed
      .slice(0, 3)
      .map(({ unit }) => unit)
      .join(', ')}`,
  };
  const blocked = processes?.blocked ?? 0;
  yield { weight: blocked > 0 ? 0.7 + blocked / 10 : 0, text: `${blocked} processes are blocked (state D)` };
  const zombies = processes?.zombie ?? 0;
  yield { weight: zombies > 20 ? 0.8 : 0, text: `${zombies} zombie processes` };
  for (const { name, health, state } of containers?.containers ?? []) {
    if (health === 'unhealthy' || state === 'restarting' || state === 'dead') {
      yield { weight: 0.95, text: `container ${name} is ${health === 'unhealthy' ? health : state}` };
    }
  }
  for (const { chip, label, celsius = 0, high_celsius = Infinity, critical_celsius = Infinity } of sensors) {
    const weight = celsius >= critical_celsius ? 1.4 : celsius >= high_celsius ? 0.95 : 0;
    yield { weight, text: `${chip} ${label} is at ${celsius} °C` };
  }
  const security = updates?.security ?? 0;
  yield { weight: security > 0 ? 0.75 : 0, text: `${security} security updates wait` };
  yield { weight: updates?.reboot_required === true ? 0.75 : 0, text: 'a reboot is required' };
}

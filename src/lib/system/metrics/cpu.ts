import type { CpuModes, CpuSection, Pressure } from '../report-resources.ts';
import { scalarsOf } from './scalar-metric.ts';
import type { SystemMetric } from './system-metric.ts';

const scalar = scalarsOf('cpu');
const sampled = { sampled: true } as const;

function mode(name: keyof CpuModes, help: string): SystemMetric {
  return scalar(`cpu.${name}_pct`, 'percent', help, (cpu) => cpu.modes?.[name], sampled);
}

function load(name: 'load1' | 'load5' | 'load15', span: string): SystemMetric[] {
  // The load average counts the whole host, also inside a container, so the host's processors are what it has to be
  // divided by, and not those of the container.
  const perCore = (cpu: CpuSection): number => cpu[name] / cpu.cores;
  return [
    scalar(`cpu.${name}`, 'ratio', `Load average over ${span}.`, (cpu) => cpu[name]),
    scalar(
      `cpu.${name}_per_core`,
      'ratio',
      `Load average over ${span}, divided by the processors of the host.`,
      perCore,
    ),
  ];
}

function pressure(name: string, help: string, value: (pressure: Pressure) => number | undefined): SystemMetric {
  return scalar(`cpu.${name}`, 'percent', help, (cpu) => cpu.pressure && value(cpu.pressure), {
    absent: 'this kernel does not measure pressure',
  });
}

export const cpuMetrics: readonly SystemMetric[] = [
  scalar(
    'cpu.usage_pct',
    'percent',
    'Share of the sample in which the processors worked.',
    (cpu) => cpu.usage_pct,
    sampled,
  ),
  mode('user', 'Share of the sample spent in programs.'),
  mode('system', 'Share of the sample spent in the kernel.'),
  mode('iowait', 'Share of the sample in which processors were idle and waited for disks.'),
  mode('steal', 'Share of the sample that the hypervisor gave to others.'),
  ...load('load1', '1 minute'),
  ...load('load5', '5 minutes'),
  ...load('load15', '15 minutes'),
  scalar('cpu.cores', 'count', 'Processors of the host that are online.', (cpu) => cpu.cores),
  scalar(
    'cpu.effective',
    'count',
    'Processors that may be used: the smallest of cores, affinity and cgroup quota.',
    (cpu) => cpu.effective_cores,
  ),
  pressure(
    'pressure_some_avg10_pct',
    'Share of the last 10 s in which some task waited for a processor.',
    (psi) => psi.some_avg10_pct,
  ),
  pressure(
    'pressure_some_avg60_pct',
    'Share of the last 60 s in which some task waited for a processor.',
    (psi) => psi.some_avg60_pct,
  ),
  pressure(
    'pressure_some_avg300_pct',
    'Share of the last 5 minutes in which some task waited for a processor.',
    (psi) => psi.some_avg300_pct,
  ),
];

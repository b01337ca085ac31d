import { formatSelector } from '../../../../src/lib/rules/format-value.ts';
import type { CpuSeconds, Pressure } from '../../../../src/lib/system/report-resources.ts';
import type { RuleResult, SysinfoReport } from '../../../../src/lib/system/report.ts';

/** A report without any section. */
export const emptyReport: SysinfoReport = {
  schema: 'devops.sysinfo/1',
  host: 'web1',
  time: '2026-01-02T03:04:05.000Z',
  took_ms: 12,
  sample_ms: 0,
  rules: [],
  errors: [],
  unavailable: [],
  status: 'none',
};

const seconds: CpuSeconds = { user: 10, nice: 1, system: 5, idle: 80, iowait: 2, irq: 0, softirq: 1, steal: 1 };
const pressure: Pressure = {
  some_avg10_pct: 1.5,
  some_avg60_pct: 1,
  some_avg300_pct: 0.5,
  some_total_seconds: 12.5,
  full_avg10_pct: 0.5,
  full_avg60_pct: 0.25,
  full_avg300_pct: 0,
  full_total_seconds: 2.5,
};

/** Every section with every value that becomes a metric. */
export const fullReport: SysinfoReport = {
  ...emptyReport,
  sample_ms: 250,
  os: {
    name: 'Debian GNU/Linux 12 (bookworm)',
    id: 'debian',
    version: '12',
    kernel: '6.1.0-18-amd64',
    architecture: 'x86_64',
    uptime_seconds: 3600,
    boot_time: '2026-01-02T02:04:05.000Z',
    virtualization: 'kvm',
    clock_synchronized: true,
    init: 'systemd',
  },
  cpu: {
    cores: 2,
    effective_cores: 1.5,
    effective_source: 'cgroup',
    load1: 0.5,
    load5: 1.25,
    load15: 2,
    usage_pct: 25,
    modes: { user: 20, nice: 0, system: 5, idle: 75, iowait: 0, irq: 0, softirq: 0, steal: 0 },
    seconds,
    per_cpu: [
      { cpu: 0, usage_pct: 25, seconds },
      { cpu: 1, usage_pct: 25, seconds },
    ],
    pressure,
    context_switches: 123456,
    procs_running: 2,
    procs_blocked: 1,
  },
  memory: {
    total_bytes: 8e9,
    available_bytes: 6e9,
    used_pct: 25,
    free_bytes: 4e9,
    buffers_bytes: 1e8,
    cached_bytes: 2.5e9,
    swap_total_bytes: 2e9,
    swap_free_bytes: 1e9,
    swap_used_pct: 50,
    hugepages_total: 10,
    hugepages_free: 9,
    dirty_bytes: 4096,
    shared_bytes: 8192,
    oom_kills: 3,
    pressure,
    effective: { total_bytes: 5e8, available_bytes: 1e8, used_pct: 80, limit_source: 'cgroup' },
  },
  cgroup: {
    version: 2,
    path: '/system.slice/app.service',
    memory: { limit_bytes: 5e8, limit_path: '/', current_bytes: 4e8, inactive_file_bytes: 0, oom_kills: 1 },
    cpu: { quota_cores: 1.5, quota_path: '/', throttled_pct: 10, throttled_seconds: 4.5 },
    pids: { limit: 200, current: 20 },
  },
  disks: [
    {
      mount: '/',
      source: '/dev/vda1',
      fstype: 'ext4',
      read_only: false,
      size_bytes: 1e11,
      free_bytes: 3e10,
      available_bytes: 2e10,
      used_bytes: 7e10,
      used_pct: 77.8,
      inodes: 1000,
      inodes_free: 900,
      inodes_used_pct: 10,
      full_in_seconds: 86400,
    },
  ],
  io: [
    {
      device: 'vda',
      read_bytes: 1024,
      written_bytes: 2048,
      reads: 10,
      writes: 20,
      busy_seconds: 1.5,
      utilization_pct: 3,
    },
  ],
  network: {
    interfaces: [
      {
        name: 'eth0',
        state: 'up',
        mtu: 1500,
        addresses: ['192.0.2.1/24'],
        speed_bits_per_second: 1e9,
        received_bytes: 1000,
        sent_bytes: 2000,
        received_packets: 10,
        sent_packets: 20,
        receive_errors: 1,
        send_errors: 2,
        receive_drops: 3,
        send_drops: 4,
      },
    ],
    tcp: { established: 3, time_wait: 2, close_wait: 1, listen: 4, other: 0 },
    conntrack: { entries: 100, limit: 1000, used_pct: 10 },
  },
  processes: {
    total: 100,
    running: 1,
    sleeping: 96,
    blocked: 1,
    zombie: 2,
    stopped: 0,
    threads: 300,
    open_files: 500,
    open_files_limit: 100_000,
    pid_limit: 32_768,
    top_cpu: [],
    top_memory: [],
    zombies: [],
    blocked_processes: [],
  },
  services: {
    manager: 'systemd',
    total: 30,
    active: 20,
    active_units: ['nginx.service', 'ssh.service'],
    failed: [{ unit: 'app.service', load: 'loaded', active: 'failed', sub: 'failed', description: 'The app' }],
    activating: [],
  },
  containers: {
    engine: 'docker',
    running: 1,
    total: 2,
    containers: [
      { id: 'a1', name: 'web', image: 'nginx:1', state: 'running', health: 'healthy', restart_count: 2 },
      { id: 'b2', name: 'job', image: 'job:1', state: 'exited' },
    ],
  },
  sensors: [
    { chip: 'coretemp', label: 'Package id 0', kind: 'temperature', celsius: -3.5 },
    { chip: 'nct6775', label: 'fan1', kind: 'fan', rpm: 900 },
  ],
  users: [{ user: 'root', terminal: 'pts/0', since: '2026-01-02T03:00:00.000Z' }],
  updates: {
    manager: 'apt',
    pending: 7,
    security: 2,
    cache_time: '2026-01-02T02:04:05.000Z',
    reboot_required: true,
  },
};

/** What a rule found, as applyRules puts it into the report. */
export function ruleResult(rule: string, found: Partial<RuleResult>): RuleResult {
  const { metric = '', labels = {} } = found;
  const subject = formatSelector(metric, Object.keys(labels), labels);
  return { rule, severity: 'warning', state: 'ok', subject, metric, labels, message: '', ...found };
}

const hostileNames = [
  'quote"',
  "apostrophe'",
  'back\\slash',
  'new\nline',
  'carriage\rreturn',
  'equals=',
  'bar|',
  'percent%3D',
  'brace}',
  'tab\t',
  'nul\0',
  'escape\u001b[31m',
  'naïve 日本 🎉',
  'half \ud83d',
  '',
  ' ',
];

/** Names as an attacker, or an unlucky person, would choose them: of mounts, interfaces, units, containers, sensors. */
export const hostileMounts = hostileNames.map((name) => `/${name}`);

const disk = fullReport.disks![0]!;
const link = fullReport.network!.interfaces[0]!;
const unit = fullReport.services!.failed[0]!;

export const hostileReport: SysinfoReport = {
  ...fullReport,
  disks: hostileMounts.map((mount) => ({ ...disk, mount, source: mount })),
  network: { interfaces: hostileNames.map((name) => ({ ...link, name })) },
  services: { ...fullReport.services!, failed: hostileNames.map((name) => ({ ...unit, unit: name })) },
  containers: {
    ...fullReport.containers!,
    containers: hostileNames.map((name) => ({ id: 'c3', name, image: name, state: name })),
  },
  sensors: hostileNames.map((name) => ({ chip: name, label: name, kind: 'temperature', celsius: 40 })),
  rules: hostileMounts.map((mount) =>
    ruleResult('disk.used_pct > 90', { name: mount, metric: 'disk.used_pct', labels: { mount }, value: 77.8 }),
  ),
};

import { expect, test } from 'vitest';
import { evaluateRule } from '../../../src/lib/rules/evaluate-rule.ts';
import { parseRule } from '../../../src/lib/rules/parse-rule.ts';
import type { Reading } from '../../../src/lib/rules/reading.ts';
import { historySubject } from '../../../src/lib/system/disk-history.ts';
import {
  metricAliases,
  metricCatalogue,
  metricsOfRules,
  systemMetrics,
} from '../../../src/lib/system/metric-catalogue.ts';
import { sectionNames } from '../../../src/lib/system/report.ts';
import type { Disk } from '../../../src/lib/system/report-storage.ts';
import type { SectionError, SysinfoReport } from '../../../src/lib/system/report.ts';

const gibibyte = 1024 ** 3;
const pressure = {
  some_avg10_pct: 1,
  some_avg60_pct: 2,
  some_avg300_pct: 3,
  some_total_seconds: 9,
  full_avg10_pct: 4,
  full_avg60_pct: 5,
  full_avg300_pct: 6,
};
const seconds = { user: 10, nice: 0, system: 5, idle: 80, iowait: 3, irq: 0, softirq: 0, steal: 2 };

const rootDisk: Disk = {
  mount: '/',
  source: '/dev/vda1',
  fstype: 'btrfs',
  read_only: false,
  also_mounted: ['/home'],
  size_bytes: 100 * gibibyte,
  free_bytes: 60 * gibibyte,
  available_bytes: 50 * gibibyte,
  used_bytes: 40 * gibibyte,
  used_pct: 44.4,
  inodes: 1000,
  inodes_free: 900,
  inodes_used_pct: 10,
  full_in_seconds: 3600,
};

/** A machine that has everything. */
const everything: SysinfoReport = {
  schema: 'devops.sysinfo/1',
  host: 'h',
  time: '2026-03-01T12:00:00.000Z',
  took_ms: 1,
  sample_ms: 250,
  os: {
    kernel: '6.1',
    architecture: 'x86_64',
    uptime_seconds: 500,
    boot_time: '2026-03-01T11:00:00.000Z',
    clock_synchronized: true,
  },
  cpu: {
    cores: 4,
    effective_cores: 1.5,
    effective_source: 'cgroup',
    load1: 6,
    load5: 4,
    load15: 2,
    usage_pct: 17,
    modes: seconds,
    seconds,
    per_cpu: [],
    pressure,
    context_switches: 1,
  },
  memory: {
    total_bytes: 8 * gibibyte,
    available_bytes: 6 * gibibyte,
    used_pct: 25,
    free_bytes: gibibyte,
    buffers_bytes: 1,
    cached_bytes: 1,
    swap_total_bytes: 2 * gibibyte,
    swap_free_bytes: gibibyte,
    swap_used_pct: 50,
    hugepages_total: 4,
    hugepages_free: 3,
    dirty_bytes: 10,
    shared_bytes: 20,
    oom_kills: 2,
    pressure,
    effective: { total_bytes: gibibyte, available_bytes: gibibyte / 4, used_pct: 75, limit_source: 'cgroup' },
  },
  cgroup: {
    version: 2,
    path: '/x',
    memory: { limit_bytes: 1000, current_bytes: 700, inactive_file_bytes: 200, oom_kills: 1 },
    cpu: { quota_cores: 0.5, throttled_pct: 12, throttled_seconds: 34 },
    pids: { limit: 200, current: 50 },
  },
  disks: [rootDisk],
  io: [
    {
      device: 'vda',
      read_bytes: 1,
      written_bytes: 1,
      reads: 1,
      writes: 1,
      busy_seconds: 1,
      read_bytes_per_second: 100,
      written_bytes_per_second: 200,
      reads_per_second: 3,
      writes_per_second: 4,
      utilization_pct: 55,
    },
  ],
  network: {
    interfaces: [
      {
        name: 'eth0',
        state: 'up',
        addresses: [],
        received_bytes: 1,
        sent_bytes: 1,
        received_packets: 1,
        sent_packets: 1,
        receive_errors: 11,
        send_errors: 12,
        receive_drops: 13,
        send_drops: 14,
        received_bytes_per_second: 1000,
        sent_bytes_per_second: 2000,
        errors_per_second: 1,
        drops_per_second: 2,
      },
    ],
    listeners: [{ protocol: 'tcp', address: '::', port: 443 }],
    tcp: { established: 5, time_wait: 6, close_wait: 7, listen: 8, other: 9 },
    conntrack: { entries: 1, limit: 4, used_pct: 25 },
  },
  processes: {
    total: 100,
    running: 2,
    sleeping: 90,
    blocked: 3,
    zombie: 4,
    stopped: 1,
    threads: 400,
    open_files: 300,
    open_files_limit: 1000,
    pid_limit: 4000,
    top_cpu: [],
    top_memory: [],
    zombies: [],
    blocked_processes: [],
  },
  services: {
    manager: 'systemd',
    total: 20,
    active: 15,
    active_units: ['c.service', 'd.service'],
    failed: [{ unit: 'a.service', load: 'loaded', active: 'failed', sub: 'failed', description: 'A' }],
    activating: [],
  },
  containers: {
    engine: 'docker',
    running: 1,
    total: 1,
    containers: [{ id: '1', name: 'web', image: 'nginx', state: 'running', health: 'healthy', restart_count: 3 }],
  },
  sensors: [
    { chip: 'coretemp', label: 'Core 0', kind: 'temperature', celsius: 61 },
    { chip: 'nct', label: 'fan1', kind: 'fan', rpm: 900 },
  ],
  users: [{ user: 'u', terminal: 'pts/0', since: '2026-03-01T10:00:00.000Z' }],
  updates: { manager: 'apt', pending: 7, security: 2, cache_time: '2026-03-01T11:00:00.000Z', reboot_required: false },
  rules: [],
  errors: [],
  unavailable: [],
  status: 'none',
};

function read(name: string, report: SysinfoReport): Reading {
  return metricCatalogue.get(name)!.read(report);
}

function error(section: SectionError['section'], subject?: string): SectionError {
  return {
    section,
    code: 'permission',
    message: 'permission denied',
    required: true,
    ...(subject !== undefined && { subject }),
  };
}

/** `state value` of every result of a rule. */
function judge(rule: string, report: SysinfoReport, allowMissing = false): string[] {
  const results = evaluateRule(parseRule(rule, metricCatalogue), ({ name }) => read(name, report), {
    severity: 'critical',
    allowMissing,
  });
  return results.map(({ state, labels }) => [state, ...Object.values(labels)].join(' '));
}

const values = [
  ['disk.size', 100 * gibibyte],
  ['disk.free', 60 * gibibyte],
  ['disk.available', 50 * gibibyte],
  ['disk.used', 40 * gibibyte],
  ['disk.used_pct', 44.4],
  ['disk.inodes_free', 900],
  ['disk.inodes_used_pct', 10],
  ['disk.read_only', 0],
  ['disk.full_in', 3600],
  ['memory.total', 8 * gibibyte],
  ['memory.available', 6 * gibibyte],
  ['memory.available_pct', 75],
  ['memory.used_pct', 25],
  ['memory.free', gibibyte],
  ['memory.dirty', 10],
  ['memory.shared', 20],
  ['memory.hugepages_free', 3],
  ['memory.swap_total', 2 * gibibyte],
  ['memory.swap_free', gibibyte],
  ['memory.swap_used_pct', 50],
  ['memory.oom_kills', 2],
  ['memory.effective_total', gibibyte],
  ['memory.effective_available', gibibyte / 4],
  ['memory.effective_available_pct', 25],
  ['memory.effective_used_pct', 75],
  ['memory.pressure_some_avg10_pct', 1],
  ['memory.pressure_some_avg60_pct', 2],
  ['memory.pressure_some_avg300_pct', 3],
  ['memory.pressure_full_avg10_pct', 4],
  ['memory.pressure_full_avg60_pct', 5],
  ['memory.pressure_full_avg300_pct', 6],
  ['cpu.usage_pct', 17],
  ['cpu.user_pct', 10],
  ['cpu.system_pct', 5],
  ['cpu.iowait_pct', 3],
  ['cpu.steal_pct', 2],
  ['cpu.load1', 6],
  ['cpu.load1_per_core', 1.5],
  ['cpu.load5', 4],
  ['cpu.load5_per_core', 1],
  ['cpu.load15', 2],
  ['cpu.load15_per_core', 0.5],
  ['cpu.cores', 4],
  ['cpu.effective', 1.5],
  ['cpu.pressure_some_avg10_pct', 1],
  ['cpu.pressure_some_avg60_pct', 2],
  ['cpu.pressure_some_avg300_pct', 3],
  ['cgroup.memory_limit', 1000],
  ['cgroup.memory_used', 500],
  ['cgroup.memory_used_pct', 50],
  ['cgroup.oom_kills', 1],
  ['cgroup.cpu_quota', 0.5],
  ['cgroup.throttled_pct', 12],
  ['cgroup.throttled', 34],
  ['cgroup.pids', 50],
  ['cgroup.pids_used_pct', 25],
  ['io.utilization_pct', 55],
  ['io.read_bytes_per_second', 100],
  ['io.written_bytes_per_second', 200],
  ['io.reads_per_second', 3],
  ['io.writes_per_second', 4],
  ['network.up', 1],
  ['network.received_bytes_per_second', 1000],
  ['network.sent_bytes_per_second', 2000],
  ['network.errors_per_second', 1],
  ['network.drops_per_second', 2],
  ['network.receive_errors', 11],
  ['network.send_errors', 12],
  ['network.receive_drops', 13],
  ['network.send_drops', 14],
  ['network.listening', 1],
  ['network.tcp_connections', 5],
  ['network.conntrack_used_pct', 25],
  ['process.count', 100],
  ['process.running', 2],
  ['process.blocked', 3],
  ['process.zombie', 4],
  ['process.stopped', 1],
  ['process.threads', 400],
  ['process.pids_used_pct', 10],
  ['process.open_files', 300],
  ['process.open_files_pct', 30],
  ['service.failed', 1],
  ['service.activating', 0],
  ['service.unit_failed', 1],
  ['service.active', 1],
  ['container.running', 1],
  ['container.healthy', 1],
  ['container.restarts', 3],
  ['sensor.celsius', 61],
  ['sensor.fan_rpm', 900],
  ['os.uptime', 500],
  ['os.clock_synchronized', 1],
  ['updates.pending', 7],
  ['updates.security', 2],
  ['updates.reboot_required', 0],
  ['updates.cache_age', 3600],
  ['user.sessions', 1],
  ['load1', 6],
  ['load5', 4],
  ['load15', 2],
] as const;

test.for(values)('%s is read from the report', ([name, value]) => {
  const reading = read(name, everything);
  expect(reading.samples[0]?.value).toBe(value);
  expect(reading.unreadable ?? []).toEqual([]);
  expect(reading.notYetKnown ?? []).toEqual([]);
});

test('the table above has every metric, and every section but hardware has one', () => {
  const metricNames = [...metricCatalogue.keys()];
  expect(metricNames).toHaveLength(systemMetrics.length + Object.keys(metricAliases).length);
  expect(new Set(metricNames).size).toBe(metricNames.length);
  expect(values.map(([name]) => name).toSorted()).toEqual(metricNames.toSorted());
  const sections = new Set(systemMetrics.map(({ section }) => section));
  expect(sectionNames.filter((name) => !sections.has(name))).toEqual(['hardware']);
});

test('every metric is declared as it is read', () => {
  for (const metric of systemMetrics) {
    expect(metric.name).toMatch(/^[a-z]+\.[a-z0-9_]+$/);
    expect(metric.help).toMatch(/^\S[^\n]*\.$/);
    const declared = [...metric.labels, ...(metric.furtherLabels ?? [])];
    for (const { labels } of metric.read(everything).samples) expect(Object.keys(labels)).toEqual(declared);
    expect(metric.name.endsWith('_pct')).toBe(metric.unit === 'percent');
  }
});

test('a section that was not read is unknown, one that this machine does not have is missing, one that failed is unknown', () => {
  const { host, time, schema } = everything;
  const nothing: SysinfoReport = {
    schema,
    host,
    time,
    took_ms: 1,
    sample_ms: 0,
    rules: [],
    errors: [],
    unavailable: [],
    status: 'none',
  };
  for (const { section, read: readMetric } of systemMetrics) {
    const notRead = readMetric(nothing);
    expect(notRead.samples).toEqual([]);
    expect(notRead.unreadable).toEqual([{ labels: {}, message: `the section ${section} was not read` }]);
    const failed = readMetric({ ...nothing, errors: [error(section, '/proc/x')] });
    expect(failed.unreadable).toEqual([{ labels: {}, message: '/proc/x: permission denied' }]);
    const absent = readMetric({ ...nothing, unavailable: [{ section, reason: 'no such thing' }] });
    expect(absent).toEqual({ samples: [], unavailable: 'no such thing' });
  }
  expect(judge('service.failed>0', { ...nothing, unavailable: [{ section: 'services', reason: 'x' }] }, true)).toEqual([
    'missing',
  ]);
  expect(judge('service.failed>0', { ...nothing, errors: [error('services')] }, true)).toEqual(['unknown']);
});

test('a rate without two looks is unknown, not missing', () => {
  const { usage_pct: _u, modes: _m, ...cpu } = everything.cpu!;
  const { utilization_pct: _p, ...device } = everything.io![0]!;
  const still: SysinfoReport = { ...everything, cpu, io: [device] };
  expect(judge('cpu.usage_pct>90', still, true)).toEqual(['unknown']);
  expect(read('cpu.usage_pct', still).unreadable?.[0]?.message).toContain('two looks');
  expect(judge('cpu.steal_pct>90', still, true)).toEqual(['unknown']);
  expect(judge('io.utilization_pct>90', still, true)).toEqual(['unknown vda']);
  const sampled = systemMetrics.filter((metric) => metric.sampled).map(({ name }) => name);
  expect(sampled).toContain('network.errors_per_second');
  expect(sampled).toHaveLength(14);
});

test('what this machine lacks is missing, and what failed beside it is unknown', () => {
  const { swap_used_pct: _, ...memory } = everything.memory!;
  expect(judge('memory.swap_used_pct>50', { ...everything, memory }, true)).toEqual(['missing']);
  expect(judge('memory.swap_used_pct>50', { ...everything, memory, errors: [error('memory')] }, true)).toEqual([
    'unknown',
  ]);
});

test('a dead mount is unknown in every figure beside the healthy ones', () => {
  const dead: Disk = {
    mount: '/mnt',
    source: 'nas:/x',
    fstype: 'nfs4',
    read_only: false,
    error: { code: 'timeout', message: 'no answer' },
  };
  const report = { ...everything, disks: [rootDisk, dead], errors: [error('disks', '/mnt')] };
  for (const metric of ['disk.used_pct>40', 'disk.available>1', 'disk.inodes_used_pct>1', 'disk.full_in<24h']) {
    expect(judge(metric, report)).toEqual(['fired / /dev/vda1 btrfs', 'unknown /mnt nas:/x nfs4']);
  }
  expect(judge('disk.read_only==true', report)).toEqual(['ok / /dev/vda1 btrfs', 'ok /mnt nas:/x nfs4']);
  expect(judge('disk.used_pct{mount="/"}>40', report)).toEqual(['fired / /dev/vda1 btrfs']);
});

test('a filesystem is found under its other mount points', () => {
  expect(judge('disk.used_pct{mount="/home"}>40', everything)).toEqual(['fired /home /dev/vda1 btrfs']);
});

test('a mount table that cannot be read leaves nothing well', () => {
  const report = { ...everything, disks: [], errors: [error('disks', '/proc/self/mountinfo')] };
  expect(judge('disk.used_pct{mount="/var"}>90', report, true)).toEqual(['unknown']);
});

test('a mount that was asked for and is none is unknown by its name', () => {
  const report = { ...everything, errors: [error('disks', '/data')] };
  expect(judge('disk.used_pct{mount="/data"}>90', report)).toEqual(['unknown /data']);
  expect(judge('disk.used_pct{mount="/"}>90', report)).toEqual(['ok / /dev/vda1 btrfs']);
});

test('a forecast is not yet known without a history, and unknown when the history cannot be kept', () => {
  const { full_in_seconds: _, ...fresh } = rootDisk;
  const report: SysinfoReport = { ...everything, disks: [fresh] };
  expect(judge('disk.full_in<24h', report)).toEqual(['not yet known / /dev/vda1 btrfs']);
  const broken = { ...report, errors: [error('disks', historySubject)] };
  expect(judge('disk.full_in<24h', broken)).toEqual(['unknown / /dev/vda1 btrfs']);
  expect(judge('disk.used_pct>40', broken)).toEqual(['fired / /dev/vda1 btrfs']);
});

test('a filesystem that does not count inodes has none to compare', () => {
  const { inodes: _i, inodes_free: _f, inodes_used_pct: _p, ...vfat } = rootDisk;
  expect(judge('disk.inodes_used_pct>90', { ...everything, disks: [vfat] })).toEqual(['unknown']);
  expect(judge('disk.inodes_used_pct>5', { ...everything, disks: [vfat, { ...rootDisk, mount: '/srv' }] })).toEqual([
    'fired /srv /dev/vda1 btrfs',
  ]);
});

test('a port on which nobody listens counts 0, unless a socket table could not be read', () => {
  expect(judge('network.listening{port="443"}<1', everything)).toEqual(['ok 443 tcp ::']);
  expect(judge('network.listening{port="80",protocol="tcp"}<1', everything)).toEqual(['fired 80 tcp']);
  const partly = { ...everything, errors: [error('network', '/proc/net/tcp6')] };
  expect(judge('network.listening{port="80",protocol="tcp"}<1', partly)).toEqual(['unknown tcp']);
  expect(judge('network.listening{port="53",protocol="udp"}<1', partly)).toEqual(['fired 53 udp']);
  expect(judge('network.tcp_connections{state="close_wait"}>100', partly)).toEqual(['ok close_wait', 'unknown']);
  const { listeners: _l, tcp: _t, ...network } = everything.network!;
  expect(judge('network.listening{port="80"}<1', { ...everything, network })).toEqual(['unknown 80']);
});

test('an interface whose driver does not tell its state is left out, one that cannot be read is not', () => {
  const lo = { ...everything.network!.interfaces[0]!, name: 'lo', state: 'unknown' };
  const network = { ...everything.network!, interfaces: [lo, { ...lo, name: 'eth1', state: 'down' }] };
  expect(judge('network.up==false', { ...everything, network })).toEqual(['fired eth1']);
  const errors = [error('network', '/sys/class/net/lo/operstate')];
  expect(judge('network.up==false', { ...everything, network, errors })).toEqual(['fired eth1', 'unknown lo']);
});

test('counts of processes that are too small are unknown', () => {
  const hidden = { ...everything, processes: { ...everything.processes!, partial: true } };
  expect(judge('process.zombie>10', hidden)).toEqual(['unknown']);
  expect(judge('process.open_files_pct>10', hidden)).toEqual(['fired']);
  expect(judge('process.zombie>10', { ...everything, errors: [error('processes', '/proc/17/stat')] })).toEqual([
    'unknown',
  ]);
  expect(judge('process.zombie>10', { ...everything, errors: [error('processes', '/proc/17/wchan')] })).toEqual(['ok']);
});

test('a cgroup of which something could not be read may have a smaller limit', () => {
  expect(judge('cgroup.memory_used_pct>90', { ...everything, errors: [error('cgroup', '/sys/fs/cgroup')] })).toEqual([
    'unknown',
  ]);
});

test('a service that is not in the list of failed ones has not failed', () => {
  expect(judge('service.unit_failed{unit="a.service"}>0', everything)).toEqual(['fired a.service']);
  expect(judge('service.unit_failed{unit="b.service"}>0', everything)).toEqual(['ok b.service']);
  expect(
    judge('service.unit_failed==true', { ...everything, services: { ...everything.services!, failed: [] } }),
  ).toEqual(['ok']);
});

test('a service is asked for by name: what is not in the list of active ones is not active', () => {
  expect(judge('service.active{unit="c.service"}==false', everything)).toEqual(['ok c.service']);
  expect(judge('service.active{unit="nginx.service"}==0', everything)).toEqual(['fired nginx.service']);
  expect(judge('service.active{unit=~"(a|c).service"}==0', everything)).toEqual(['ok c.service']);
  expect(judge('service.active{unit=~"x.*"}==0', everything)).toEqual(['fired']);
});

test('without a list of services none is taken for stopped', () => {
  const { services: _, ...none } = everything;
  const rule = 'service.active{unit="nginx.service"}==0';
  expect(judge(rule, { ...none, errors: [error('services', 'systemctl')] })).toEqual(['unknown']);
  const unavailable = [{ section: 'services', reason: 'this machine was not booted with systemd' } as const];
  expect(judge(rule, { ...none, unavailable })).toEqual(['unknown nginx.service']);
});

test('a container that is not there matches nothing, and one that has just started is not yet known', () => {
  const web = { ...everything.containers!.containers[0]!, health: 'starting' };
  const { health: _, ...plain } = { ...web, name: 'plain' };
  const containers = {
    ...everything.containers!,
    containers: [web, { ...web, name: 'bad', health: 'unhealthy' }, plain],
  };
  const report = { ...everything, containers };
  expect(judge('container.healthy==false', report)).toEqual(['fired bad nginx', 'not yet known web nginx']);
  expect(judge('container.running{name="gone"}<1', report)).toEqual(['unknown gone']);
  expect(judge('container.running<1', { ...report, errors: [error('containers', '/run/docker.sock')] })).toContain(
    'unknown',
  );
});

test('a sensor without a value is unknown, and so is the folder of all sensors', () => {
  const broken = { chip: 'x', label: 'temp1', kind: 'temperature' } as const;
  const report = { ...everything, sensors: [...everything.sensors!, broken], errors: [error('sensors', 'x temp1')] };
  expect(judge('sensor.celsius>80', report)).toEqual(['ok coretemp Core 0', 'unknown x temp1']);
  expect(judge('sensor.celsius>80', { ...everything, errors: [error('sensors')] })).toEqual([
    'ok coretemp Core 0',
    'unknown',
  ]);
});

test('the metrics of rules are those to collect for', () => {
  const rules = ['load1>4 or disk.used_pct>90', 'cpu.usage_pct>90', 'cpu.load1>8'].map((rule) =>
    parseRule(rule, metricCatalogue),
  );
  expect(metricsOfRules(rules).map(({ name }) => name)).toEqual(['disk.used_pct', 'cpu.usage_pct', 'cpu.load1']);
});

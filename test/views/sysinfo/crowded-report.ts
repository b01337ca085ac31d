import type { NetworkInterface } from '../../../src/lib/system/report-network.ts';
import type { Disk } from '../../../src/lib/system/report-storage.ts';
import type { Process } from '../../../src/lib/system/report-workload.ts';
import type { SysinfoReport } from '../../../src/lib/system/report.ts';
import { fullReport } from '../../lib/system/exporter/full-report.ts';

const gibibyte = 1024 ** 3;

/** A machine with more of everything than fits on a screen, and a few things that are wrong with it. */
export const crowdedReport: SysinfoReport = {
  ...fullReport,
  host: 'build-agent-17.eu-central.example.org',
  disks: [...Array.from({ length: 40 }, (_, at) => volume(at)), fullDisk(), deadMount()],
  network: {
    ...fullReport.network!,
    interfaces: Array.from({ length: 30 }, (_, at) => link(at)),
    listeners: ports(60),
  },
  io: Array.from({ length: 40 }, (_, at) => ({
    device: at === 39 ? 'nvme17n1p13' : `sd${String.fromCharCode(97 + (at % 26))}${at}`,
    read_bytes: 1,
    written_bytes: 1,
    reads: 1,
    writes: 1,
    busy_seconds: 1,
    read_bytes_per_second: at * 1_000_000,
    written_bytes_per_second: 12_000,
    reads_per_second: at,
    writes_per_second: 1,
    utilization_pct: at * 2.5,
  })),
  processes: {
    ...fullReport.processes!,
    total: 8000,
    blocked: 12,
    zombie: 31,
    top_cpu: [processOf(4_194_303, 'kworker/u257:13-events_unbound', 812.5), processOf(7, 'java', 99.96)],
    top_memory: [processOf(7, 'java', 99.96), processOf(8812, 'postgres: checkpointer', undefined)],
    zombies: Array.from({ length: 31 }, (_, at) => ({
      ...processOf(900 + at, 'defunct-worker', undefined),
      state: 'Z',
    })),
    blocked_processes: Array.from({ length: 12 }, (_, at) => ({
      ...processOf(300 + at, 'nfsd', undefined),
      state: 'D',
      wait_channel: 'rpc_wait_bit_killable',
    })),
  },
  services: {
    ...fullReport.services!,
    total: 400,
    active: 350,
    failed: Array.from({ length: 9 }, (_, at) => ({
      unit: `systemd-fsck@dev-disk-by\\x2duuid-3f0c3b4e\\x2d${at}.service`,
      load: 'loaded',
      active: 'failed',
      sub: 'failed',
      description: `File System Check on /dev/disk/by-uuid/3f0c3b4e-${at}`,
    })),
    activating: [
      { unit: 'app.service', load: 'loaded', active: 'activating', sub: 'auto-restart', description: 'The app' },
    ],
  },
  containers: {
    engine: 'docker',
    engine_version: '28.1',
    running: 2990,
    total: 3000,
    containers: Array.from({ length: 3000 }, (_, at) => ({
      id: `c${at}`,
      name: `k8s_app_web-${at}_production_0c1f`,
      image: `registry.example.org/team/service-with-a-long-name:${at}`,
      state: at === 2999 ? 'restarting' : at >= 2990 ? 'exited' : 'running',
      ...(at === 1500 ? { health: 'unhealthy' } : {}),
    })),
  },
  sensors: [
    ...Array.from({ length: 64 }, (_, at) => ({
      chip: 'coretemp 0000:00:18.3',
      label: `Core ${at}`,
      kind: 'temperature' as const,
      celsius: 40 + (at % 20),
      high_celsius: 80,
      critical_celsius: 100,
    })),
    { chip: 'nct6775', label: 'PCH', kind: 'temperature', celsius: 84, high_celsius: 80, critical_celsius: 100 },
    { chip: 'nct6775', label: 'AUXTIN', kind: 'temperature' },
    { chip: 'nct6775', label: 'fan1', kind: 'fan', rpm: 900 },
    { chip: 'nct6775', label: 'fan2', kind: 'fan', rpm: 0 },
  ],
  users: Array.from({ length: 25 }, (_, at) => ({
    user: `user${at}`,
    terminal: `pts/${at}`,
    from: '2001:db8:1234:5678:9abc:def0:1234:5678',
    since: '2026-01-02T03:00:00.000Z',
  })),
  updates: {
    manager: 'apt',
    pending: 1,
    security: 1,
    reboot_required: true,
    reboot_packages: ['linux-image-6.1.0-21-amd64', 'libc6', 'dbus'],
    running_kernel: '6.1.0-18-amd64',
    newest_kernel: '6.1.0-21-amd64',
  },
  errors: [
    {
      section: 'disks',
      code: 'timeout',
      subject: '/mnt/backup',
      message: 'statfs did not answer within 2s',
      required: true,
    },
    ...Array.from({ length: 30 }, (_, at) => ({
      section: 'processes' as const,
      code: 'permission' as const,
      subject: `/proc/${1000 + at}/wchan`,
      message: 'EACCES: permission denied',
      required: false,
    })),
  ],
  unavailable: [{ section: 'hardware', reason: 'the firmware and the kernel tell nothing about it here' }],
};

function volume(at: number): Disk {
  const size = 100 * gibibyte;
  const used = (size * (10 + at)) / 100;
  return {
    mount: `/var/lib/kubelet/pods/0c1fa5a5-8a7e-4a8c-9d31-${String(at).padStart(12, '0')}/volumes/data`,
    source: `/dev/mapper/data-${at}`,
    fstype: 'xfs',
    read_only: false,
    size_bytes: size,
    free_bytes: size - used,
    available_bytes: size - used,
    used_bytes: used,
    used_pct: (100 * used) / size,
    inodes: 1000,
    inodes_free: 900,
    inodes_used_pct: 10,
  };
}

function fullDisk(): Disk {
  const used = 99.6;
  return {
    ...volume(0),
    mount: '/',
    fstype: 'ext4',
    available_bytes: 0.4 * gibibyte,
    used_pct: used,
    inodes_used_pct: 97,
    read_only: true,
    full_in_seconds: 5400,
  };
}

function deadMount(): Disk {
  return {
    mount: '/mnt/backup',
    source: 'nas:/export/backup',
    fstype: 'nfs4',
    read_only: false,
    error: { code: 'timeout', message: 'statfs did not answer within 2s' },
  };
}

function link(at: number): NetworkInterface {
  return {
    name: at === 0 ? 'lo' : at === 29 ? 'wlx00c0cab1a2b3c4' : `veth${(at * 7919).toString(16)}`,
    state: at === 28 ? 'down' : 'up',
    addresses: at < 3 ? [`192.0.2.${at}/24`, `fe80::42:acff:fe11:${at}/64`] : [],
    received_bytes: at * 1e9,
    sent_bytes: at * 1e8,
    received_packets: 1,
    sent_packets: 1,
    receive_errors: at === 5 ? 1234 : 0,
    send_errors: 0,
    receive_drops: at === 5 ? 99 : 0,
    send_drops: 0,
    received_bytes_per_second: at * 123_456,
    sent_bytes_per_second: at * 1000,
    errors_per_second: 0,
    drops_per_second: 0,
  };
}

function ports(count: number) {
  return Array.from({ length: count }, (_, at) => ({ protocol: 'tcp' as const, address: '::', port: 1024 + 7 * at }));
}

function processOf(pid: number, name: string, cpu: number | undefined): Process {
  return {
    pid,
    parent_pid: 1,
    name,
    state: 'S',
    user: pid === 7 ? 'systemd-network-with-a-long-name' : 'root',
    ...(cpu === undefined ? {} : { cpu_pct: cpu }),
    resident_bytes: pid * 1000,
    threads: 1,
    age_seconds: pid,
  };
}

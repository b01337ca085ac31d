/**
 * The record of `devops sysinfo`: public API, version `devops.sysinfo/1`.
 *
 * Units are in the name or in the comment: `_bytes` is an integer number of bytes, `_pct` a float from 0 to 100,
 * `_per_second` a rate over the sample, `_seconds` a duration. A value that the source did not give is absent, never 0;
 * why it is absent stands in `errors` or `unavailable`. Fields are only ever added within a major version.
 */

/** The sections in the order in which they are printed. */
export const sectionNames = [
  'os',
  'cpu',
  'memory',
  'cgroup',
  'disks',
  'io',
  'network',
  'processes',
  'services',
  'containers',
  'sensors',
  'users',
  'updates',
  'hardware',
] as const;

export type SectionName = (typeof sectionNames)[number];

/** One look at one machine. */
export interface SysinfoReport {
  schema: 'devops.sysinfo/1';
  /** Host name as the kernel tells it, without asking DNS. */
  host: string;
  /** When the report was taken, ISO 8601 in UTC. */
  time: string;
  /** How long it took, the sample included, in milliseconds. */
  took_ms: number;
  /** Length of the sample behind every rate and CPU percentage, in milliseconds; 0 when none was taken. */
  sample_ms: number;
  os?: OsSection;
  cpu?: CpuSection;
  memory?: MemorySection;
  cgroup?: CgroupSection;
  disks?: Disk[];
  io?: BlockDevice[];
  network?: NetworkSection;
  processes?: ProcessesSection;
  services?: ServicesSection;
  containers?: ContainersSection;
  sensors?: Sensor[];
  users?: UserSession[];
  updates?: UpdatesSection;
  hardware?: HardwareSection;
  /** Every rule that was given, with what it found; empty without rules. */
  rules: RuleResult[];
  /** What is there and could not be read. */
  errors: SectionError[];
  /** What this machine does not have. */
  unavailable: SectionUnavailable[];
  /** Worst status of the rules and of what had to be read and could not be; `none` when nothing was judged. */
  status: 'none' | 'ok' | 'warning' | 'critical' | 'unknown';
}

/** Something that is there and could not be read. */
export interface SectionError {
  section: SectionName;
  /** Stable reason, for programs: `permission`, `timeout`, `io`, `parse`, `failed`. */
  code: ErrorCode;
  /** What could not be read: a mount, an interface, a file. */
  subject?: string;
  message: string;
  /**
   * True when the report is incomplete without it: always, but for what only permission hides, or what a sensor says
   * about itself, when nobody named the section.
   */
  required: boolean;
}

export type ErrorCode = 'permission' | 'timeout' | 'io' | 'parse' | 'failed';

/** A section that this machine does not have, which is no fault. */
export interface SectionUnavailable {
  section: SectionName;
  reason: string;
}

export interface OsSection {
  /** Name for people, such as `Debian GNU/Linux 12 (bookworm)`. */
  name?: string;
  /** `ID` of os-release(5), such as `debian`. */
  id?: string;
  /** `VERSION_ID` of os-release(5). */
  version?: string;
  kernel: string;
  /** Machine as uname(2) tells it, such as `x86_64`. */
  architecture: string;
  uptime_seconds: number;
  /** ISO 8601 in UTC. */
  boot_time: string;
  /** `none`, a hypervisor (`kvm`, `vmware`, `firecracker` ...) when the firmware names one; absent when it cannot be told. */
  virtualization?: string;
  /** `docker`, `podman`, `kubernetes`, `lxc`, `systemd-nspawn`, `wsl` ...; absent outside a container. */
  container?: string;
  /** IANA name of the system's time zone. */
  time_zone?: string;
  /** Whether the kernel clock is disciplined: absent when nothing here can tell. */
  clock_synchronized?: boolean;
  /** Name of process 1, such as `systemd`. */
  init?: string;
}

export interface CpuSection {
  model?: string;
  /** Processors that are online on the host. */
  cores: number;
  /** Processors that this process may use: the smallest of cores, affinity and cgroup quota. */
  effective_cores: number;
  /** What made `effective_cores` smaller than `cores`. */
  effective_source: 'host' | 'affinity' | 'cgroup';
  load1: number;
  load5: number;
  load15: number;
  /** Share of the sample in which the processors worked. */
  usage_pct?: number;
  /** Where the sample's time went, in percent of all processors. */
  modes?: CpuModes;
  /** Cumulative seconds since boot, all processors together. */
  seconds: CpuSeconds;
  /** Cumulative seconds since boot by processor. */
  per_cpu: PerCpu[];
  pressure?: Pressure;
  context_switches: number;
  /** Processes running and blocked right now. */
  procs_running?: number;
  procs_blocked?: number;
}

export interface CpuModes {
  user: number;
  nice: number;
  system: number;
  idle: number;
  iowait: number;
  irq: number;
  softirq: number;
  steal: number;
}

export interface CpuSeconds extends CpuModes {}

export interface PerCpu {
  cpu: number;
  /** Share of the sample in which this processor worked. */
  usage_pct?: number;
  seconds: CpuSeconds;
}

/** Pressure stall information: share of time in which work waited for the resource (kernel `Documentation/accounting/psi.rst`). */
export interface Pressure {
  some_avg10_pct: number;
  some_avg60_pct: number;
  some_avg300_pct: number;
  /** Cumulative seconds. */
  some_total_seconds: number;
  full_avg10_pct?: number;
  full_avg60_pct?: number;
  full_avg300_pct?: number;
  full_total_seconds?: number;
}

export interface MemorySection {
  total_bytes: number;
  /** What can be had without swapping: `MemAvailable`, page cache counted as free. */
  available_bytes: number;
  /** total - available, in percent of total. */
  used_pct: number;
  free_bytes: number;
  buffers_bytes: number;
  cached_bytes: number;
  swap_total_bytes: number;
  swap_free_bytes: number;
  /** Absent without swap. */
  swap_used_pct?: number;
  hugepages_total?: number;
  hugepages_free?: number;
  dirty_bytes?: number;
  shared_bytes?: number;
  /** Processes killed for want of memory since boot. */
  oom_kills?: number;
  pressure?: Pressure;
  /** The smaller of the host and of every cgroup limit above this process. */
  effective: EffectiveMemory;
}

export interface EffectiveMemory {
  total_bytes: number;
  available_bytes: number;
  used_pct: number;
  limit_source: 'host' | 'cgroup';
}

export interface CgroupSection {
  version: 1 | 2 | 'hybrid';
  /** Path of this process below the hierarchy's root. */
  path: string;
  memory?: CgroupMemory;
  cpu?: CgroupCpu;
  pids?: CgroupPids;
}

export interface CgroupMemory {
  /** Smallest limit of this group and its ancestors; absent when there is none. */
  limit_bytes?: number;
  /** The group that sets the limit. */
  limit_path?: string;
  /** Use of the group that sets the limit, page cache included. */
  current_bytes?: number;
  /** Page cache that can be dropped at once. */
  inactive_file_bytes?: number;
  /** Processes of the group killed for want of memory. */
  oom_kills?: number;
}

export interface CgroupCpu {
  /** Processors the group may use at once, from quota and period; absent when there is no quota. */
  quota_cores?: number;
  /** The group that sets the quota. */
  quota_path?: string;
  /** Share of the periods in which the group was throttled, since it was made. */
  throttled_pct?: number;
  throttled_seconds?: number;
}

export interface CgroupPids {
  limit?: number;
  current: number;
}

export interface Disk {
  mount: string;
  source: string;
  fstype: string;
  read_only: boolean;
  /** Other places where the same filesystem is mounted. */
  also_mounted?: string[];
  /** Absent when `error` is there. */
  size_bytes?: number;
  free_bytes?: number;
  /** Free for those who are not root. */
  available_bytes?: number;
  used_bytes?: number;
  /** used / (used + available), as df prints it. */
  used_pct?: number;
  /** Absent where the filesystem does not count its inodes. */
  inodes?: number;
  inodes_free?: number;
  inodes_used_pct?: number;
  /** Until full at the pace of the kept history, null when it does not grow; only when a rule asks and enough is known. */
  full_in_seconds?: number | null;
  error?: DiskError;
}

export interface DiskError {
  code: ErrorCode;
  message: string;
}

export interface BlockDevice {
  device: string;
  /** Cumulative since boot. */
  read_bytes: number;
  written_bytes: number;
  reads: number;
  writes: number;
  /** Cumulative time with at least one request in flight. */
  busy_seconds: number;
  read_bytes_per_second?: number;
  written_bytes_per_second?: number;
  reads_per_second?: number;
  writes_per_second?: number;
  /** Share of the sample with at least one request in flight. */
  utilization_pct?: number;
}

export interface NetworkSection {
  interfaces: NetworkInterface[];
  listeners?: Listener[];
  /** Connections by state, TCP over IPv4 and IPv6. */
  tcp?: TcpStates;
  conntrack?: Conntrack;
}

export interface NetworkInterface {
  name: string;
  /** `operstate` of the kernel: `up`, `down`, `unknown`, `dormant` ... */
  state: string;
  mac?: string;
  mtu?: number;
  /** In CIDR form. */
  addresses: string[];
  speed_bits_per_second?: number;
  /** Cumulative since boot. */
  received_bytes: number;
  sent_bytes: number;
  received_packets: number;
  sent_packets: number;
  receive_errors: number;
  send_errors: number;
  receive_drops: number;
  send_drops: number;
  received_bytes_per_second?: number;
  sent_bytes_per_second?: number;
  /** Errors in both directions during the sample. */
  errors_per_second?: number;
  drops_per_second?: number;
}

export interface Listener {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
}

export interface TcpStates {
  established: number;
  time_wait: number;
  close_wait: number;
  listen: number;
  other: number;
}

export interface Conntrack {
  entries: number;
  limit: number;
  used_pct: number;
}

export interface ProcessesSection {
  total: number;
  running: number;
  sleeping: number;
  /** State D: waiting for something that cannot be interrupted. */
  blocked: number;
  zombie: number;
  stopped: number;
  threads: number;
  /** Open file handles of the whole system. */
  open_files?: number;
  open_files_limit?: number;
  pid_limit?: number;
  /** True when /proc hides the processes of others (hidepid), so that every count here is too small. */
  partial?: boolean;
  top_cpu: Process[];
  top_memory: Process[];
  zombies: Process[];
  blocked_processes: Process[];
}

export interface Process {
  pid: number;
  parent_pid: number;
  /** `comm` of the kernel, control characters escaped. */
  name: string;
  /** One letter as in proc_pid_stat(5). */
  state: string;
  user?: string;
  /** Of one processor, over the sample: 200 is two processors. */
  cpu_pct?: number;
  resident_bytes: number;
  threads: number;
  /** Seconds since it started. */
  age_seconds: number;
  /** Kernel function in which a blocked process waits. */
  wait_channel?: string;
}

export interface ServicesSection {
  manager: 'systemd';
  /** State of the whole system as `systemctl is-system-running` knows it. */
  state?: string;
  total: number;
  /** Length of `active_units`. */
  active: number;
  /** Names of the units that are active, those that reload included, in the order of systemctl. */
  active_units: string[];
  failed: Service[];
  /** Units that are being started or restarted right now. */
  activating: Service[];
}

export interface Service {
  unit: string;
  load: string;
  active: string;
  sub: string;
  description: string;
}

export interface ContainersSection {
  engine: 'docker' | 'podman';
  engine_version?: string;
  running: number;
  total: number;
  containers: Container[];
}

export interface Container {
  id: string;
  name: string;
  image: string;
  /** `running`, `exited`, `paused`, `restarting`, `dead` ... */
  state: string;
  /** `healthy`, `unhealthy`, `starting`; absent without a health check. */
  health?: string;
  restart_count?: number;
  /** ISO 8601 in UTC. */
  started?: string;
}

export interface Sensor {
  chip: string;
  label: string;
  kind: 'temperature' | 'fan';
  celsius?: number;
  rpm?: number;
  high_celsius?: number;
  critical_celsius?: number;
}

export interface UserSession {
  user: string;
  terminal: string;
  from?: string;
  /** ISO 8601 in UTC. */
  since: string;
}

export interface UpdatesSection {
  manager: 'apt' | 'dnf' | 'apk';
  /** Packages that could be upgraded, as the package manager's own cache on this disk says. */
  pending?: number;
  security?: number;
  /** When the cache was last refreshed, ISO 8601 in UTC: older means that the counts are too small. */
  cache_time?: string;
  reboot_required: boolean;
  /** Why: the packages that asked for it. */
  reboot_packages?: string[];
  running_kernel?: string;
  newest_kernel?: string;
}

export interface HardwareSection {
  manufacturer?: string;
  model?: string;
  bios_version?: string;
  bios_date?: string;
  cpu_brand?: string;
  cpu_sockets?: number;
  cpu_physical_cores?: number;
  memory_modules?: MemoryModule[];
  disks?: HardwareDisk[];
  graphics?: string[];
}

export interface MemoryModule {
  size_bytes: number;
  type?: string;
  speed_mhz?: number;
  slot?: string;
}

export interface HardwareDisk {
  device: string;
  name?: string;
  type?: string;
  size_bytes: number;
}

/** One rule and what it found on one subject. */
export interface RuleResult {
  /** The rule as it was written. */
  rule: string;
  name?: string;
  severity: 'warning' | 'critical';
  /** `pending`: true, but not yet for as long as its `for` asks. `missing`: nothing to compare, and --allow-missing was given. */
  state: 'ok' | 'pending' | 'fired' | 'unknown' | 'missing' | 'not yet known';
  /** What was compared, such as `disk.used_pct{mount="/"}`: the same from run to run, so that alerts can be told apart. */
  subject: string;
  /** The metric that was compared, such as `disk.used_pct`; the first one of a compound rule. */
  metric: string;
  labels: Record<string, string>;
  value?: number;
  /** Since when the condition holds, ISO 8601 in UTC; only for rules with `for`. */
  since?: string;
  /** For people: the values compared. */
  message: string;
}

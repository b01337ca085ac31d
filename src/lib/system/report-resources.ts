// What the machine is and how much of it there is: the sections os, cpu, memory and cgroup.
// Public like the whole record: report.ts tells its units.

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

// What runs on the machine: the sections processes, services, containers and users.
// Public like the whole record: report.ts tells its units.

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

export interface UserSession {
  user: string;
  terminal: string;
  from?: string;
  /** ISO 8601 in UTC. */
  since: string;
}

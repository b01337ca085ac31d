// What it stands on: the sections sensors, updates and hardware.
// Public like the whole record: report.ts tells its units.

export interface Sensor {
  chip: string;
  label: string;
  kind: 'temperature' | 'fan';
  celsius?: number;
  rpm?: number;
  high_celsius?: number;
  critical_celsius?: number;
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

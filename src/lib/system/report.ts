import type { NetworkSection } from './report-network.ts';
import type { HardwareSection, Sensor, UpdatesSection } from './report-platform.ts';
import type { CgroupSection, CpuSection, MemorySection, OsSection } from './report-resources.ts';
import type { BlockDevice, Disk } from './report-storage.ts';
import type { ContainersSection, ProcessesSection, ServicesSection, UserSession } from './report-workload.ts';

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

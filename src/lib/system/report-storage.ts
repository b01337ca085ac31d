import type { ErrorCode } from './report.ts';

// Where data is kept: the sections disks and io.
// Public like the whole record: report.ts tells its units.

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

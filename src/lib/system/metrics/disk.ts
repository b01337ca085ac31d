import type { Gap } from '../../rules/reading.ts';
import { historySubject } from '../disk-history.ts';
import type { Disk } from '../report-storage.ts';
import type { SysinfoReport } from '../report.ts';
import { instancesOf } from './instance-metric.ts';
import { errorsOf, messageOf } from './system-metric.ts';
import type { SystemMetric } from './system-metric.ts';

function labelsOf(disk: Disk, mount = disk.mount): Record<string, string> {
  return { mount, device: disk.source, fstype: disk.fstype };
}

/** Errors about what is not in the list. Without a list, there is no telling what is missing. */
function hidden(report: SysinfoReport, disks: readonly Disk[]): Gap[] {
  const known = new Set<string | undefined>([historySubject, ...disks.map(({ mount }) => mount)]);
  return errorsOf(report, 'disks')
    .filter(({ subject }) => !known.has(subject))
    .map((error) => ({
      labels: disks.length === 0 || error.subject === undefined ? {} : { mount: error.subject },
      message: messageOf(error),
    }));
}

const perDisk = instancesOf({
  section: 'disks',
  labels: ['mount'],
  furtherLabels: ['device', 'fstype'],
  items: (disks) => disks,
  labelsOf: (disk) => labelsOf(disk),
  alternativesOf: (disk) => (disk.also_mounted ?? []).map((mount) => labelsOf(disk, mount)),
  hidden,
});

const failure = { failure: (disk: Disk) => disk.error?.message };

function historyError(_: Disk, report: SysinfoReport): string | undefined {
  const error = errorsOf(report, 'disks').find(({ subject }) => subject === historySubject);
  return error && messageOf(error);
}

export const diskMetrics: readonly SystemMetric[] = [
  perDisk('disk.size', 'bytes', 'Size of the filesystem.', (disk) => disk.size_bytes, failure),
  perDisk('disk.available', 'bytes', 'Space left for those who are not root.', (disk) => disk.available_bytes, failure),
  perDisk('disk.free', 'bytes', 'Space left, with what is kept for root.', (disk) => disk.free_bytes, failure),
  perDisk('disk.used', 'bytes', 'Space in use.', (disk) => disk.used_bytes, failure),
  perDisk(
    'disk.used_pct',
    'percent',
    'Space in use, as df counts it: used / (used + available).',
    (disk) => disk.used_pct,
    failure,
  ),
  perDisk(
    'disk.inodes_free',
    'count',
    'Files that can still be made; only where the filesystem counts them.',
    (disk) => disk.inodes_free,
    failure,
  ),
  perDisk(
    'disk.inodes_used_pct',
    'percent',
    'Inodes in use; only where the filesystem counts them.',
    (disk) => disk.inodes_used_pct,
    failure,
  ),
  perDisk('disk.read_only', 'boolean', 'Whether it is mounted read-only.', (disk) => disk.read_only),
  perDisk(
    'disk.full_in',
    'seconds',
    'Time until it is full at the pace of the last 24 hours, from a history that is kept while a rule uses this metric.',
    (disk) => (disk.full_in_seconds === null ? Infinity : disk.full_in_seconds),
    {
      failure: (disk, report) => disk.error?.message ?? historyError(disk, report),
      notYet: () => 'it takes 5 runs over at least 30 minutes',
    },
  ),
];

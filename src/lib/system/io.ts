import { printable } from '../text/printable.ts';
import { wholeNumber } from './kernel-text.ts';
import { listOptional, readOptional } from './probe.ts';
import type { Probe } from './probe.ts';
import type { BlockDevice } from './report-storage.ts';

/** The block devices at one moment, by name. */
export type IoCounters = Map<string, DeviceCounters>;

export interface DeviceCounters {
  reads: number;
  readBytes: number;
  writes: number;
  writtenBytes: number;
  /** Time with at least one request in flight. */
  busySeconds: number;
}

/** The kernel counts in sectors of 512 bytes whatever the device's own sector size is (`Documentation/admin-guide/iostats.rst`). */
const sectorBytes = 512;

/**
 * Undefined on a machine that does not count, such as gVisor. Throws a SyntaxError without /sys/block: nothing else
 * tells whole devices from their partitions, and the sum of both would count every byte twice.
 */
export function readIoCounters(probe: Probe): IoCounters | undefined {
  const text = readOptional(probe, '/proc/diskstats');
  if (text === undefined) return undefined;
  const devices = listOptional(probe, '/sys/block');
  if (devices.length === 0 && text.trim() !== '') {
    throw new SyntaxError('/sys/block is empty, so devices cannot be told from their partitions');
  }
  // A name with a slash, as of old RAID controllers, cannot be a folder's name and has `!` there.
  return parseDiskstats(text, new Set(devices.map((name) => name.replaceAll('!', '/'))));
}

/** proc_diskstats(5), whole devices only. */
export function parseDiskstats(text: string, wholeDevices: ReadonlySet<string>): IoCounters {
  const counters: IoCounters = new Map();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const fields = line.trim().split(/\s+/);
    const name = fields[2];
    if (name === undefined || wholeNumber(fields[0]) === undefined) {
      throw new SyntaxError(`/proc/diskstats: not a line of a device: "${printable(line.slice(0, 40))}"`);
    }
    if (!wholeDevices.has(name)) continue;
    const device = {
      reads: Number(fields[3]),
      readBytes: Number(fields[5]) * sectorBytes,
      writes: Number(fields[7]),
      writtenBytes: Number(fields[9]) * sectorBytes,
      busySeconds: Number(fields[12]) / 1000,
    };
    if (!Object.values(device).every(Number.isFinite)) {
      throw new SyntaxError(`/proc/diskstats: no counters for ${printable(name)}`);
    }
    counters.set(name, device);
  }
  return counters;
}

/**
 * Rates need the second look and the seconds between. The device's totals are those of the last look. Devices that
 * never did anything, as most loop and ram devices, are left out.
 */
export function ioSection(first: IoCounters, second: IoCounters | undefined, seconds: number): BlockDevice[] {
  const devices: BlockDevice[] = [];
  for (const [name, last] of second ?? first) {
    if (last.reads + last.writes === 0) continue;
    const before = second && first.get(name);
    devices.push({
      device: printable(name),
      read_bytes: last.readBytes,
      written_bytes: last.writtenBytes,
      reads: last.reads,
      writes: last.writes,
      busy_seconds: last.busySeconds,
      ...(before && seconds > 0 && ratesBetween(before, last, seconds)),
    });
  }
  return devices.toSorted((a, b) => (a.device < b.device ? -1 : 1));
}

/** Empty when a counter went back: another device has taken the name, or the 32 bits of the kernel were full. */
function ratesBetween(before: DeviceCounters, last: DeviceCounters, seconds: number): Partial<BlockDevice> {
  const perSecond = (key: keyof DeviceCounters): number => (last[key] - before[key]) / seconds;
  const busy = perSecond('busySeconds');
  const rates = {
    read_bytes_per_second: perSecond('readBytes'),
    written_bytes_per_second: perSecond('writtenBytes'),
    reads_per_second: perSecond('reads'),
    writes_per_second: perSecond('writes'),
  };
  if (busy < 0 || Object.values(rates).some((rate) => rate < 0)) return {};
  // The kernel's clock and ours do not start together, so a busy device can seem busier than the time allows.
  return { ...rates, utilization_pct: Math.min(100, busy * 100) };
}

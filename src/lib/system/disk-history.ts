import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { replaceFile } from '../files/replace-file.ts';
import { systemFailure } from '../files/system-failure.ts';
import { ensurePrivateDirectory } from '../state/private-directory.ts';
import type { Disk } from './report-storage.ts';
import type { SectionError } from './report.ts';

/** `subject` of the error that forecastDisks returns. */
export const historySubject = 'history of used space';

export interface HistoryOptions {
  /** State folder; made when it is not there. The history is `disk-history.jsonl` in it. */
  folder: string;
  /** Our own user. */
  uid: number;
  now: Date;
}

/** One run: when, in seconds since 1970, and what was in use. One line of the file. */
export interface HistoryLine {
  time: number;
  /** By mount. */
  disks: ReadonlyMap<string, HistoryDisk>;
}

export interface HistoryDisk {
  mount: string;
  source: string;
  size: number;
  used: number;
}

/** What has to be known of a filesystem for a forecast. */
export type ForecastDisk = HistoryDisk & { available: number; readOnly: boolean };

const version = 1;
const hour = 3600;
const day = 24 * hour;
const longestAge = 7 * day;
const largestSize = 512 * 1024;
/** Nobody's history: it is compacted long before. */
const refusedSize = 64 * 1024 * 1024;
/** Two runs at once may write their lines in either order; more than this is a clock that was set back. */
const slack = 60;
/** A live view must not fill the file. */
const shortestInterval = 60;

// Two samples make a line of anything. Five over half an hour need a pace that lasts longer than one build or one
// download, and a job that runs every five minutes still has its forecast after half an hour.
const fewestSamples = 5;
const shortestSpan = 1800;

/**
 * Adds what is in use now to the history, and fills `full_in_seconds` where enough is known; null for what does not
 * grow. Returned is what went wrong, for the report: without it, forecasts would silently stay away.
 */
export function forecastDisks(disks: readonly Disk[], options: HistoryOptions): SectionError | undefined {
  try {
    const path = join(options.folder, 'disk-history.jsonl');
    const now = options.now.getTime() / 1000;
    const history = loadHistory(path);
    for (const disk of disks) {
      const known = forecastDiskOf(disk);
      const seconds = known && forecastFullIn(history, known, now);
      // JSON has no Infinity.
      if (seconds !== undefined) disk.full_in_seconds = Number.isFinite(seconds) ? seconds : null;
    }
    const age = now - (history.at(-1)?.time ?? -Infinity);
    if (age >= 0 && age < shortestInterval) return undefined;
    ensurePrivateDirectory(options.folder, options.uid);
    const line = { time: Math.floor(now), disks: byMount(disks.flatMap((disk) => forecastDiskOf(disk) ?? [])) };
    if (appendLine(path, line) > mostBytes(line)) compact(path, [...history, line], now);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const code = error.code === 'permission' ? 'permission' : 'failed';
    return { section: 'disks', code, subject: historySubject, message: error.message, required: true };
  }
}

function byMount(disks: readonly HistoryDisk[]): ReadonlyMap<string, HistoryDisk> {
  return new Map(disks.map((disk) => [disk.mount, disk]));
}

function forecastDiskOf(disk: Disk): ForecastDisk | undefined {
  const { mount, source, size_bytes: size, used_bytes: used, available_bytes: available, read_only: readOnly } = disk;
  if (size === undefined || used === undefined || available === undefined) return undefined;
  return { mount, source, size, used, available, readOnly };
}

/**
 * Seconds until nothing is left for those who are not root, at the pace of the last 24 hours (least squares over all
 * samples, this one included); of the last 7 days where runs are so rare that the day has too few. Infinity when it
 * does not grow. Undefined when too little is known: what was before a change of the device or of its size by more than
 * 1 % (ZFS datasets change theirs all the time, a little), or before the clock was set back, does not count.
 */
export function forecastFullIn(history: readonly HistoryLine[], disk: ForecastDisk, now: number): number | undefined {
  if (disk.readOnly) return Infinity;
  if (disk.available <= 0) return 0;
  const samples = samplesOf(history, disk, now);
  const lastDay = samples.filter(({ time }) => now - time <= day);
  const chosen = lastDay.length >= fewestSamples ? lastDay : samples;
  if (chosen.length < fewestSamples || now - chosen.at(-1)!.time < shortestSpan) return undefined;
  const bytesPerSecond = slope(chosen);
  return bytesPerSecond > 0 ? disk.available / bytesPerSecond : Infinity;
}

interface DiskSample {
  time: number;
  used: number;
}

/** From the newest backwards, until something says that what was before does not count. */
function samplesOf(history: readonly HistoryLine[], disk: ForecastDisk, now: number): DiskSample[] {
  const samples: DiskSample[] = [{ time: now, used: disk.used }];
  let later = now;
  for (const line of history.toReversed()) {
    if (line.time > later + slack || now - line.time > longestAge) break;
    later = line.time;
    const known = line.disks.get(disk.mount);
    // Not mounted or not readable then.
    if (known === undefined) continue;
    if (known.source !== disk.source || Math.abs(known.size - disk.size) > disk.size / 100) break;
    samples.push({ time: line.time, used: known.used });
  }
  return samples;
}

/** Of the line of least squares. Around the mean, because the squares of bytes and epoch seconds have too many digits. */
function slope(samples: readonly DiskSample[]): number {
  const mean = (value: (sample: DiskSample) => number): number =>
    samples.reduce((sum, sample) => sum + value(sample), 0) / samples.length;
  const time = mean((sample) => sample.time);
  const used = mean((sample) => sample.used);
  const covariance = mean((sample) => (sample.time - time) * (sample.used - used));
  return covariance / mean((sample) => (sample.time - time) ** 2);
}

/** No file is an empty history. Lines that are none, as a crash may leave behind, are passed over. */
function loadHistory(path: string): HistoryLine[] {
  let text: string;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    if (!stats.isFile()) throw new Error('it is not a regular file');
    if (stats.size > refusedSize) throw new Error('it is too large to be a history: remove it');
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw systemFailure(`cannot read ${path}`, error);
  }
  return text.split('\n').flatMap((line) => parseLine(line, path) ?? []);
}

function parseLine(text: string, path: string): HistoryLine | undefined {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { v, t, d }: Partial<Record<string, unknown>> = Object(line);
  if (typeof v === 'number' && v > version) {
    throw new UserError(`${path} was written by a newer devops (version ${v}, known is ${version})`);
  }
  if (v !== version || typeof t !== 'number' || !Array.isArray(d)) return undefined;
  return { time: t, disks: byMount(d.flatMap((disk: unknown) => parseDisk(disk) ?? [])) };
}

function parseDisk(disk: unknown): HistoryDisk | undefined {
  const [mount, source, size, used]: unknown[] = Array.isArray(disk) ? disk : [];
  if (typeof mount !== 'string' || typeof source !== 'string') return undefined;
  if (typeof size !== 'number' || typeof used !== 'number') return undefined;
  return { mount, source, size, used };
}

/** `{"v":1,"t":1763633000,"d":[["/","/dev/vda1",SIZE,USED], ...]}` */
function formatLine({ time, disks }: HistoryLine): string {
  const rows = Array.from(disks.values(), ({ mount, source, size, used }) => [mount, source, size, used]);
  return `${JSON.stringify({ v: version, t: time, d: rows })}\n`;
}

/** The size of the file after one write at its end, which the kernel does not mix with those of other runs. */
function appendLine(path: string, line: HistoryLine): number {
  try {
    const descriptor = openSync(path, 'a+', 0o600);
    try {
      const { size } = fstatSync(descriptor);
      const last = Buffer.alloc(1);
      readSync(descriptor, last, { position: size - 1, length: Math.min(size, 1) });
      // A run that a full disk or a crash has cut off must not take this line with it.
      const torn = size > 0 && last.toString() !== '\n';
      const bytes = Buffer.from(`${torn ? '\n' : ''}${formatLine(line)}`);
      if (writeSync(descriptor, bytes) !== bytes.length) throw new Error('the line was cut off');
      return size + bytes.length;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw systemFailure(`cannot write ${path}`, error);
  }
}

/** On a machine with thousands of mounts a single line is long, and a few lines are no history. */
function mostBytes(line: HistoryLine): number {
  return Math.max(largestSize, formatLine(line).length * 128);
}

/** Keeps one line of every minute, of every two, of every four ... until half the room is free. */
function compact(path: string, history: readonly HistoryLine[], now: number): void {
  const recent = history.filter(({ time }) => now - time <= longestAge && time <= now + slack);
  const room = mostBytes(recent.at(-1)!) / 2;
  for (let width = shortestInterval; ; width *= 2) {
    const lines = new Map(recent.map((line) => [Math.floor(line.time / width), formatLine(line)]));
    const content = [...lines.values()].join('');
    // A line that another run appends between our reading and this is lost, and one sample is no loss.
    if (content.length <= room || lines.size < fewestSamples) return replaceFile(path, content, { mode: 0o600 });
  }
}

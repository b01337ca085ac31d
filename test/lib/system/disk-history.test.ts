import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { forecastDisks, forecastFullIn, historySubject } from '../../../src/lib/system/disk-history.ts';
import type { ForecastDisk, HistoryDisk, HistoryLine } from '../../../src/lib/system/disk-history.ts';
import type { Disk } from '../../../src/lib/system/report-storage.ts';
import type { SectionError } from '../../../src/lib/system/report.ts';

const minute = 60;
const hour = 3600;
const gibibyte = 1024 ** 3;
const now = Date.parse('2026-03-01T12:00:00Z') / 1000;

const disk: ForecastDisk = { mount: '/', source: '/dev/a', size: 100, used: 50, available: 40, readOnly: false };

/** Lines at these numbers of seconds before now, oldest first. */
function history(
  samples: readonly (readonly [ago: number, used: number])[],
  changes: Partial<HistoryDisk> = {},
): HistoryLine[] {
  return samples.map(([ago, used]) => ({
    time: now - ago,
    disks: new Map([['/', { mount: '/', source: '/dev/a', size: 100, used, ...changes }]]),
  }));
}

/** One sample an hour: 10 an hour, 50 now. */
const growing = history([
  [4 * hour, 10],
  [3 * hour, 20],
  [2 * hour, 30],
  [hour, 40],
]);

test('a filesystem that grows evenly is full when what is left is used up', () => {
  expect(forecastFullIn(growing, disk, now)).toBeCloseTo(4 * hour, 6);
});

test('one that shrinks or stays never is', () => {
  const flat = history([4, 3, 2, 1].map((hours) => [hours * hour, 50]));
  const shrinking = history([4, 3, 2, 1].map((hours) => [hours * hour, 90]));
  expect(forecastFullIn(flat, disk, now)).toBe(Infinity);
  expect(forecastFullIn(shrinking, disk, now)).toBe(Infinity);
});

test('one that is full is full now, without a history; one that is read-only never will be', () => {
  expect(forecastFullIn([], { ...disk, available: 0 }, now)).toBe(0);
  expect(forecastFullIn([], { ...disk, available: 0, readOnly: true }, now)).toBe(Infinity);
});

const every = (seconds: number): HistoryLine[] => history([4, 3, 2, 1].map((count) => [count * seconds, 50 - count]));

test('it takes five samples over half an hour', () => {
  expect(forecastFullIn(growing.slice(1), disk, now)).toBeUndefined();
  expect(forecastFullIn(every(7 * minute), disk, now)).toBeUndefined();
  expect(forecastFullIn(every(7.5 * minute), disk, now)).toBeCloseTo(40 * 7.5 * minute, 6);
});

test('only the last 24 hours count, or the last 7 days where runs are rare', () => {
  const old = history([
    [26 * hour, 0],
    [25 * hour, 100],
  ]);
  expect(forecastFullIn([...old, ...growing], disk, now)).toBeCloseTo(4 * hour, 6);
  const daily = history([5, 4, 3, 2, 1].map((days) => [days * 24 * hour, 50 - days]));
  expect(forecastFullIn(daily, disk, now)).toBeCloseTo(40 * 24 * hour, 3);
  const weekly = history([40, 30, 20, 10].map((days) => [days * 24 * hour, 50 - days]));
  expect(forecastFullIn(weekly, disk, now)).toBeUndefined();
});

test('what was before another device or another size does not count', () => {
  const before = (changes: Partial<HistoryDisk>): number | undefined =>
    forecastFullIn([...history([[5 * hour, 90]], changes), ...growing], disk, now);
  expect(before({ source: '/dev/b' })).toBeCloseTo(4 * hour, 6);
  expect(before({ size: 90 })).toBeCloseTo(4 * hour, 6);
  // ZFS: a dataset's size changes with whatever else is written to the pool.
  expect(before({ size: 99.5 })).toBe(Infinity);
  const earlier = history(
    [4, 3, 2].map((hours) => [hours * hour, 10]),
    { size: 80 },
  );
  const resized = [...earlier, growing[3]!];
  expect(forecastFullIn(resized, disk, now)).toBeUndefined();
});

test('a run in which it could not be read is passed over', () => {
  const lines = [...growing.slice(0, 2), { time: now - 2.5 * hour, disks: new Map() }, ...growing.slice(2)];
  expect(forecastFullIn(lines, disk, now)).toBeCloseTo(4 * hour, 6);
});

test('what was before the clock was set back does not count', () => {
  const future = history([[-hour, 90]]);
  expect(forecastFullIn([...growing, ...future], disk, now)).toBeUndefined();
  expect(forecastFullIn([...future, ...growing], disk, now)).toBeCloseTo(4 * hour, 6);
  const twoRunsAtOnce = [growing[0]!, growing[1]!, growing[3]!, ...history([[hour + 2, 40]])];
  expect(forecastFullIn(twoRunsAtOnce, disk, now)).toBeDefined();
});

test('agrees with the textbook formula in whole numbers', () => {
  const sample = fc.tuple(fc.integer({ min: 1, max: 1440 }), fc.integer({ min: 0, max: 2 ** 50 }));
  fc.assert(
    fc.property(
      fc.uniqueArray(sample, { selector: ([ago]) => ago, minLength: 4, maxLength: 60 }),
      fc.nat(2 ** 50),
      (earlier, used) => {
        const ordered = earlier.toSorted(([a], [b]) => b - a).map(([ago, bytes]) => [ago * minute, bytes] as const);
        fc.pre(ordered[0]![0] >= 30 * minute);
        const large = { ...disk, used, size: 2 ** 52, available: 2 ** 40 };
        const points = [...ordered, [0, used] as const].map(([ago, bytes]) => ({
          x: BigInt(now - ago),
          y: BigInt(bytes),
        }));
        const sum = (value: (point: { x: bigint; y: bigint }) => bigint): bigint =>
          points.reduce((total, point) => total + value(point), 0n);
        const n = BigInt(points.length);
        const above = n * sum(({ x, y }) => x * y) - sum(({ x }) => x) * sum(({ y }) => y);
        const below = n * sum(({ x }) => x * x) - sum(({ x }) => x) ** 2n;
        // A pace of some bytes in two hours, either way, is a matter of rounding.
        fc.pre(Math.abs(Number(above) / Number(below)) > 1000);
        const expected = above <= 0n ? Infinity : (2 ** 40 * Number(below)) / Number(above);
        const found = forecastFullIn(history(ordered, { size: 2 ** 52 }), large, now)!;
        expect(found === expected || Math.abs(found / expected - 1) < 1e-6).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

const base = mkdtempSync(join(tmpdir(), 'devops-history-'));
afterAll(() => rmSync(base, { recursive: true }));
let folders = 0;
const newFolder = (): string => join(base, `state-${folders++}`);
const pathIn = (folder: string): string => join(folder, 'disk-history.jsonl');
const linesIn = (folder: string): string[] => readFileSync(pathIn(folder), 'utf8').trimEnd().split('\n');

function measured(used: number, changes: Partial<Disk> = {}): Disk {
  const size = 100 * gibibyte;
  return {
    mount: '/var',
    source: '/dev/a',
    fstype: 'ext4',
    read_only: false,
    size_bytes: size,
    used_bytes: used,
    available_bytes: size - used,
    ...changes,
  };
}

function run(folder: string, seconds: number, disks: Disk[]): SectionError | undefined {
  return forecastDisks(disks, { folder, uid: process.getuid!(), now: new Date((now + seconds) * 1000) });
}

test('five runs over half an hour tell when a disk will be full', () => {
  const folder = newFolder();
  for (const count of [0, 1, 2, 3]) {
    const early = measured(count * gibibyte);
    expect(run(folder, count * 10 * minute, [early])).toBeUndefined();
    expect(early).not.toHaveProperty('full_in_seconds');
  }
  const dead = measured(0, { mount: '/mnt' });
  delete dead.used_bytes;
  const last = measured(4 * gibibyte);
  expect(run(folder, 40 * minute, [dead, last])).toBeUndefined();
  expect(last.full_in_seconds).toBeCloseTo(96 * 10 * minute, 3);
  expect(dead).not.toHaveProperty('full_in_seconds');
  expect(linesIn(folder)).toHaveLength(5);
  expect(linesIn(folder)[0]).toBe(`{"v":1,"t":${now},"d":[["/var","/dev/a",${100 * gibibyte},0]]}`);
  expect(statSync(pathIn(folder)).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('a live view adds at most one line a minute', () => {
  const folder = newFolder();
  for (let second = 0; second <= 120; second++) run(folder, second, [measured(1)]);
  expect(linesIn(folder)).toHaveLength(3);
});

test('a torn line costs itself and nothing else', () => {
  const folder = newFolder();
  run(folder, 0, [measured(0)]);
  appendFileSync(pathIn(folder), '{"v":1,"t":17');
  run(folder, 10 * minute, [measured(gibibyte)]);
  expect(linesIn(folder).map((line) => line.length > 20)).toEqual([true, false, true]);
  appendFileSync(
    pathIn(folder),
    'null\n[]\n7\n{"v":1}\n{"v":1,"t":"x","d":[]}\n{"v":1,"t":0,"d":[7,["a"],["a","b","c",1]]}\n\0\n',
  );
  run(folder, 20 * minute, [measured(2 * gibibyte)]);
  run(folder, 30 * minute, [measured(3 * gibibyte)]);
  const last = measured(4 * gibibyte);
  expect(run(folder, 40 * minute, [last])).toBeUndefined();
  // The line with the impossible time cuts off what is older.
  expect(last).not.toHaveProperty('full_in_seconds');
  const lines = linesIn(folder).filter((line) => !line.includes('"t":0'));
  writeFileSync(pathIn(folder), `${lines.join('\n')}\n`);
  run(folder, 50 * minute, [last]);
  expect(last.full_in_seconds).toBeGreaterThan(hour);
});

test('a history of a newer devops is refused and stays as it is', () => {
  const folder = newFolder();
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(pathIn(folder), '{"v":2}\n');
  const only = measured(1);
  expect(run(folder, 0, [only])).toMatchObject({ section: 'disks', subject: historySubject, required: true });
  expect(run(folder, 0, [only])!.message).toContain('was written by a newer devops (version 2, known is 1)');
  expect(readFileSync(pathIn(folder), 'utf8')).toBe('{"v":2}\n');
});

test('a history that cannot be kept is an error of the report, and what is known is told all the same', () => {
  const inTheWay = newFolder();
  writeFileSync(inTheWay, '');
  const full = measured(100 * gibibyte);
  expect(run(inTheWay, 0, [full])).toMatchObject({ code: 'failed', subject: historySubject });

  const folder = newFolder();
  mkdirSync(pathIn(folder), { recursive: true, mode: 0o700 });
  expect(run(folder, 0, [measured(1)])!.message).toContain('is not a regular file');
});

function timeOf(line: string): number {
  const { t }: { t: number } = JSON.parse(line);
  return t;
}

test('a long history is thinned evenly and still tells the pace', () => {
  const folder = newFolder();
  mkdirSync(folder, { mode: 0o700 });
  const mounts = Array.from({ length: 20 }, (_, index) => `/mount/number/${index}`);
  const at = (minutes: number): Disk[] => mounts.map((mount) => measured(minutes * 1e6, { mount }));
  const line = (minutes: number): string => {
    const rows = at(minutes).map(({ mount, source, size_bytes: size, used_bytes: used }) => [
      mount,
      source,
      size,
      used,
    ]);
    return `${JSON.stringify({ v: 1, t: now + minutes * 60, d: rows })}\n`;
  };
  let text = '';
  for (let minutes = -8 * 1440; minutes < 0; minutes++) text += line(minutes);
  writeFileSync(pathIn(folder), text);
  const last = at(0);
  expect(run(folder, 0, last)).toBeUndefined();
  const { size } = statSync(pathIn(folder));
  expect(size).toBeLessThanOrEqual(256 * 1024);
  expect(size).toBeGreaterThan(100 * 1024);
  const times = linesIn(folder).map((kept) => timeOf(kept) - now);
  expect(times[0]).toBeGreaterThanOrEqual(-7 * 24 * hour);
  expect(times.at(-1)).toBe(0);
  const again = at(2);
  expect(run(folder, 120, again)).toBeUndefined();
  const left = again[0]!.available_bytes!;
  expect(again[0]!.full_in_seconds! / ((left / 1e6) * 60)).toBeCloseTo(1, 6);
});

function thousands(count: number): Disk[] {
  return Array.from({ length: 2000 }, (_, index) => measured(count * gibibyte, { mount: `/mount/${index}` }));
}

test('thousands of mounts have longer lines and still a history', () => {
  const folder = newFolder();
  for (let count = 0; count < 9; count++) expect(run(folder, count * 10 * minute, thousands(count))).toBeUndefined();
  expect(linesIn(folder)).toHaveLength(9);
  const last = thousands(9);
  run(folder, 90 * minute, last);
  expect(last[1999]!.full_in_seconds).toBeCloseTo(91 * 10 * minute, 3);
});

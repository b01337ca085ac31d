import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseTimeFormat } from '../../../../src/lib/logs/time/parse-time-format.ts';
import { locateWindow } from '../../../../src/lib/logs/window/locate-window.ts';
import { contextOf } from '../time/read-line.ts';
import { isoFormat, locateIn, ms, windowText, withLogFile } from './log-file.ts';

const MiB = 1024 * 1024;
const ten = ms('2026-11-20T10:00:00Z');

/** A line `seconds` after ten o'clock. */
function line(seconds: number, text = 'message'): string {
  return `${new Date(ten + seconds * 1000).toISOString()} ${text}\n`;
}

/** A line a second. */
function lines(from: number, until: number, text?: string): string {
  let all = '';
  for (let second = from; second < until; second++) all += line(second, text);
  return all;
}

const window = (since: number, until: number) => ({ sinceMs: ten + since * 1000, untilMs: ten + until * 1000 });
const exact = { toleranceMs: 0 };

test('a window is half open and takes the continuations of its events', async () => {
  const log = `banner\n${line(0)}${line(10)}  at a\n  at b\n${line(20)}${line(20)}${line(30)}  at c\n`;
  expect(await windowText(log, window(10, 20), exact)).toBe(`${line(10)}  at a\n  at b\n`);
  expect(await windowText(log, window(11, 21), exact)).toBe(line(20) + line(20));
  expect(await windowText(log, window(12, 19), exact)).toBe('');
  expect(await windowText(log, { sinceMs: ten + 25_000 }, exact)).toBe(`${line(30)}  at c\n`);
  expect(await windowText(log, window(31, 99), exact)).toBe('');
});

test('lines before the first time belong to a window without a beginning only', async () => {
  const log = `banner\n${line(0)}${line(10)}`;
  expect(await windowText(log, { untilMs: ten + 5000 }, exact)).toBe(`banner\n${line(0)}`);
  expect(await windowText(log, { untilMs: ten - 5000 }, exact)).toBe('banner\n');
  expect(await windowText(log, window(-9, 5), exact)).toBe(line(0));
  expect(await windowText(log, {}, exact)).toBe(log);
});

test('the range is as much wider as the tolerance asks for', async () => {
  const log = lines(0, 60);
  expect(await windowText(log, window(20, 30), { toleranceMs: 3000 })).toBe(lines(17, 33));
  expect(await windowText(log, window(20, 30))).toBe(lines(18, 32));
});

test.each([
  ['an empty file', ''],
  ['a file that is nothing but a byte order mark', '\uFEFF'],
])('%s has no events, and nothing to complain of', async (_, log) => {
  const start = Buffer.byteLength(log);
  expect(await locateIn(log, window(0, 9), { start })).toEqual({ kind: 'range', start, end: start });
});

test('a window that ends where it begins has no events, and nothing is read for it', async () => {
  const reads: number[] = [];
  const options = { start: 3, onRead: (bytes: number) => reads.push(bytes) };
  expect(await locateIn(`\uFEFF${lines(0, 9)}`, window(5, 5), options)).toEqual({ kind: 'range', start: 3, end: 3 });
  expect(reads).toEqual([]);
});

test('the text begins behind a byte order mark', async () => {
  expect(await locateIn(`\uFEFF${lines(0, 9)}`, window(-9, 99), { start: 3 })).toMatchObject({ start: 3 });
});

test('a last line without a line feed counts by its own time', async () => {
  const last = line(40).trimEnd();
  const log = line(0) + line(20) + last;
  expect(await windowText(log, window(30, 50), exact)).toBe(last);
  expect(await windowText(log, window(10, 50), exact)).toBe(line(20) + last);
  expect(await windowText(log, window(10, 30), exact)).toBe(line(20));
  expect(await windowText(log, window(41, 50), exact)).toBe('');
  expect(await windowText(last, window(30, 50), exact)).toBe(last);
  expect(await windowText(last, window(50, 60), exact)).toBe('');
});

test('a last line whose time is only half written does not make the log unsorted', async () => {
  const log = `${lines(0, 100)}2026-11-20T10:01`;
  expect(await windowText(log, window(95, 200), exact)).toBe(log.slice(95 * line(0).length));
});

test('a log of lines without a time is untimed', async () => {
  expect(await locateIn('a\nb\n'.repeat(100), window(0, 9))).toEqual({ kind: 'untimed' });
  expect(await locateIn('some text\n'.repeat(100_000), window(0, 9))).toEqual({ kind: 'untimed' });
});

test('lines that begin exactly where a probe looks are found', async () => {
  // All places that halving comes to are the begins of lines.
  const text = 'x'.repeat(256 - 26);
  const log = Buffer.from(lines(0, 8192, text));
  expect(log.length).toBe(2 * MiB);
  await withLogFile(log, async (locate) => {
    for (let second = 0; second < 8192; second += 64) {
      const range = { kind: 'range', start: second * 256, end: (second + 1) * 256 };
      expect(await locate(window(second, second + 1), exact)).toEqual(range);
    }
  });
});

test('lines that begin a byte before the place of a probe are found behind long ones', async () => {
  const width = 65_536;
  const text = 'x'.repeat(width - 26);
  const log = Buffer.from(line(0, text.slice(1)) + lines(1, 129, text));
  await withLogFile(log, async (locate) => {
    for (let second = 1; second < 128; second++) {
      const range = { kind: 'range', start: second * width - 1, end: (second + 1) * width - 1 };
      expect(await locate(window(second, second + 1), exact)).toEqual(range);
    }
  });
});

test('all lines of a time that stands still are in the window', async () => {
  const still = line(50).repeat(300_000);
  const log = lines(0, 50) + still + lines(51, 99);
  const start = lines(0, 50).length;
  expect(await locateIn(log, window(50, 51), exact)).toEqual({ kind: 'range', start, end: start + still.length });
  expect(await locateIn(log, window(51, 52), exact)).toMatchObject({ start: start + still.length });
  expect(await locateIn(still, window(50, 51))).toEqual({ kind: 'range', start: 0, end: still.length });
});

test('windows around a line of 64 MiB and stretches without a time are found', async () => {
  const long = line(3000, 'x'.repeat(64 * MiB));
  const trace = '  at some.place(of.a.program)\n'.repeat(100_000);
  const log = Buffer.concat(
    [lines(0, 3000), long, lines(3001, 6000), trace, lines(6000, 9000)].map((part) => Buffer.from(part)),
  );
  const options = { ...exact, log };
  const before = lines(0, 3000).length;
  const behind = before + long.length;
  const traceEnd = behind + lines(3001, 6000).length + trace.length;
  let bytes = 0;
  const onRead = (count: number): void => void (bytes += count);
  expect(await locateIn(options.log, window(3000, 3001), { ...exact, onRead })).toEqual({
    kind: 'range',
    start: before,
    end: behind,
  });
  // Each byte of them once.
  expect(bytes).toBeLessThan(1.05 * log.length);
  expect(await locateIn(log, window(2999, 3002), exact)).toMatchObject({
    start: before - line(0).length,
    end: behind + line(0).length,
  });
  expect(await locateIn(log, window(5999, 6000), exact)).toEqual({
    kind: 'range',
    start: traceEnd - trace.length - line(0).length,
    end: traceEnd,
  });
  expect(await locateIn(log, window(6000, 6001), exact)).toMatchObject({
    start: traceEnd,
    end: traceEnd + line(0).length,
  });
});

test('a time far inside of a long line of JSON is read', async () => {
  const json = (second: number): string => `{"text":"${'x'.repeat(300_000)}","time":${ten + second * 1000}}\n`;
  const log = [0, 1, 2, 3, 4, 5, 6, 7].map(json).join('');
  const format = parseTimeFormat('json')(contextOf('UTC'), [Buffer.from(json(0).trim())]);
  expect(await windowText(log, window(3, 5), { ...exact, format })).toBe(json(3) + json(4));
});

test('a hole of NUL bytes, as truncating a log leaves it, does no harm', async () => {
  const log = `${'\0'.repeat(3 * MiB)}${lines(0, 5000)}`;
  const at = (second: number): number => 3 * MiB + second * line(0).length;
  // The first line has the hole before its time.
  expect(await locateIn(log, window(0, 2), exact)).toEqual({ kind: 'range', start: at(1), end: at(2) });
  expect(await locateIn(log, window(4000, 4001), exact)).toEqual({ kind: 'range', start: at(4000), end: at(4001) });
});

test('a log in which an older part comes last is not sorted', async () => {
  const later = lines(5000, 10_000, 'x'.repeat(200));
  const log = later + lines(0, 5000, 'x'.repeat(200));
  const located = await locateIn(log, window(6000, 6001));
  if (located.kind !== 'unsorted') throw new Error(located.kind);
  const { at, beforeMs, thenMs } = located;
  expect(thenMs).toBeLessThan(beforeMs - 2000);
  expect(log.slice(at, at + 24)).toBe(new Date(thenMs).toISOString());
});

test('disorder far from the window is noticed', async () => {
  const log = lines(0, 10_000) + lines(5000, 10_000) + lines(10_000, 20_000);
  expect(await locateIn(log, window(100, 101))).toMatchObject({ kind: 'unsorted' });
});

test('in a small file one line that is too old is noticed wherever it is', async () => {
  const log = lines(0, 1000) + line(995) + lines(1000, 1010);
  expect(await locateIn(log, window(100, 101), { toleranceMs: 4000 })).toMatchObject({ kind: 'range' });
  expect(await locateIn(log, window(100, 101), { toleranceMs: 3999 })).toEqual({
    kind: 'unsorted',
    at: lines(0, 1000).length,
    beforeMs: ten + 999_000,
    thenMs: ten + 995_000,
  });
});

test('disorder beside the begin or the end of a window is noticed in a large file', async () => {
  const log = lines(0, 20_000) + lines(19_900, 20_000) + lines(20_000, 40_000);
  for (const since of [19_890, 19_950, 19_999]) {
    expect(await locateIn(log, window(since, since + 1))).toMatchObject({ kind: 'unsorted' });
  }
});

test('fractions of a second below the millisecond count', async () => {
  const log = ['01', '02', '03'].map((micro) => `2026-11-20T10:00:00.0000${micro}Z x\n`).join('');
  expect(await windowText(log, { sinceMs: ten + 0.002, untilMs: ten + 0.003 }, exact)).toBe(log.slice(30, 60));
});

test('a range within the hour that is shown twice begins before it', async () => {
  const stamp = (clock: string): string => `2026-10-25 ${clock} x\n`;
  const clocks = ['01:58:00', '02:00:00', '02:30:00', '02:59:00', '02:01:00', '02:30:00', '02:59:00', '03:00:00'];
  const log = clocks.map(stamp).join('');
  const options = { ...exact, format: isoFormat('Europe/Berlin') };
  const from = (since: string, until: string) => ({
    sinceMs: ms(`2026-10-25T${since}Z`),
    untilMs: ms(`2026-10-25T${until}Z`),
  });
  const length = stamp('00:00:00').length;
  const range = { kind: 'range', start: length, end: 7 * length };
  expect(await locateIn(log, from('01:30:00', '01:31:00'), options)).toEqual(range);
  expect(await locateIn(log, from('00:30:00', '00:31:00'), options)).toMatchObject({ start: length });
  expect(await locateIn(log, from('01:59:30', '02:00:00'), options)).toEqual({
    kind: 'range',
    start: 7 * length,
    end: 7 * length,
  });
  expect(await locateIn(log, from('02:00:00', '03:00:00'), options)).toMatchObject({ start: 7 * length });
});

/** A file of some GiB whose data is at three places; the holes between hold nothing but NUL bytes. */
async function inSparseFile(use: (descriptor: number, path: string) => Promise<void>): Promise<void> {
  const path = join(tmpdir(), `log-window-${process.pid}-sparse.log`);
  const descriptor = openSync(path, 'w+');
  try {
    await use(descriptor, path);
  } finally {
    closeSync(descriptor);
    rmSync(path);
  }
}

test('offsets beyond 4 GiB are found, in few reads', async () => {
  await inSparseFile(async (descriptor) => {
    // Lines of 8 MiB that are holes but for their begins and ends.
    const width = 8 * MiB;
    const count = 640;
    for (let index = 0; index < count; index++) {
      writeSync(descriptor, line(index * 10).trimEnd(), index * width);
      writeSync(descriptor, '\n', (index + 1) * width - 1);
    }
    const size = count * width;
    let reads = 0;
    const onRead = (): void => void reads++;
    const signal = AbortSignal.timeout(20_000);
    const options = { size, format: isoFormat(), signal, onRead, ...exact };
    const located = await locateWindow(descriptor, { ...options, window: window(6000, 6020) });
    expect(located).toEqual({ kind: 'range', start: 600 * width, end: 602 * width });
    expect(reads).toBeLessThan(1500);
  });
});

test('a file that becomes shorter while it is read is left to the scan, which reports it', async () => {
  await inSparseFile(async (descriptor) => {
    writeSync(descriptor, lines(0, 20_000));
    const size = lines(0, 20_000).length;
    const options = {
      toleranceMs: 2000,
      size,
      format: isoFormat(),
      window: window(10_000, 10_001),
      signal: AbortSignal.timeout(20_000),
    };
    let reads = 0;
    const shorten = (): void => {
      if (++reads === 5) ftruncateSync(descriptor, 1000);
    };
    expect(await locateWindow(descriptor, { ...options, onRead: shorten })).toEqual({ kind: 'untimed' });
    expect(await locateWindow(descriptor, options)).toEqual({ kind: 'untimed' });
  });
});

test('what cannot be read is left to the scan', async () => {
  const descriptor = openSync(tmpdir(), 'r');
  try {
    const signal = AbortSignal.timeout(20_000);
    const options = { toleranceMs: 2000, size: 4096, format: isoFormat(), window: window(0, 1), signal };
    expect(await locateWindow(descriptor, options)).toEqual({ kind: 'untimed' });
  } finally {
    closeSync(descriptor);
  }
});

test('a hole of some GiB is given up early, and the signal is looked at on the way', async () => {
  await inSparseFile(async (descriptor) => {
    const size = 3 * 1024 * MiB;
    ftruncateSync(descriptor, size);
    let bytes = 0;
    const onRead = (count: number): void => void (bytes += count);
    const options = { toleranceMs: 2000, size, format: isoFormat(), window: window(0, 1), onRead };
    expect(await locateWindow(descriptor, { ...options, signal: AbortSignal.timeout(20_000) })).toEqual({
      kind: 'untimed',
    });
    expect(bytes).toBeLessThan(size / 7);

    bytes = 0;
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(locateWindow(descriptor, { ...options, signal: controller.signal })).rejects.toThrow('enough');
    expect(bytes).toBeLessThan(40 * MiB);
    await expect(locateWindow(descriptor, { ...options, signal: controller.signal })).rejects.toThrow('enough');
  });
});

test('a window in a large file takes few reads', async () => {
  const log = Buffer.from(lines(0, 80_000, 'x'.repeat(200)));
  expect(log.length).toBeGreaterThan(16 * MiB);
  let reads = 0;
  let bytes = 0;
  const onRead = (count: number): void => {
    reads++;
    bytes += count;
  };
  await locateIn(log, window(30_000, 30_600), { onRead });
  expect(reads).toBeLessThan(40);
  expect(bytes).toBeLessThan(512 * 1024);
});

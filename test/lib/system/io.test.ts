import { expect, test } from 'vitest';
import { ioSection, parseDiskstats, readIoCounters } from '../../../src/lib/system/io.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPsutil } from './peer.ts';

const line = (name: string, reads: number, sectors: number, busy = 0): string =>
  `   8       0 ${name} ${reads} 0 ${sectors} 0 0 0 0 0 0 ${busy} 0 0 0 0 0\n`;
const counters = (text: string): ReturnType<typeof parseDiskstats> => parseDiskstats(text, new Set(['sda', 'sdb']));

test('a device that never did anything is not listed, and its first request has a rate', () => {
  const idle = counters(line('sda', 0, 0));
  expect(ioSection(idle, idle, 1)).toEqual([]);
  expect(ioSection(idle, counters(line('sda', 4, 8)), 2)).toMatchObject([{ device: 'sda', reads_per_second: 2 }]);
});

test('a sector is 512 bytes, and partitions are left out', () => {
  const found = counters(line('sda', 3, 8, 1500) + line('sda1', 2, 4));
  expect([...found]).toEqual([['sda', { reads: 3, readBytes: 4096, writes: 0, writtenBytes: 0, busySeconds: 1.5 }]]);
});

test('rates are those between the two looks', () => {
  const [device] = ioSection(counters(line('sda', 10, 100, 1000)), counters(line('sda', 20, 300, 1250)), 0.5);
  expect(device).toEqual({
    device: 'sda',
    read_bytes: 153_600,
    written_bytes: 0,
    reads: 20,
    writes: 0,
    busy_seconds: 1.25,
    read_bytes_per_second: 204_800,
    written_bytes_per_second: 0,
    reads_per_second: 20,
    writes_per_second: 0,
    utilization_pct: 50,
  });
});

test('a device is never busier than the whole time', () => {
  const [device] = ioSection(counters(line('sda', 1, 1, 0)), counters(line('sda', 2, 2, 600)), 0.5);
  expect(device!.utilization_pct).toBe(100);
});

test('a device that is new, whose counters went back, or without a sample has totals and no rates', () => {
  const names = ['device', 'read_bytes', 'written_bytes', 'reads', 'writes', 'busy_seconds'];
  const one = counters(line('sda', 5, 5));
  const less = counters(line('sda', 4, 4));
  for (const [device] of [
    ioSection(new Map(), one, 1),
    ioSection(one, less, 1),
    ioSection(one, one, 0),
    ioSection(one, undefined, 1),
  ]) {
    expect(Object.keys(device!)).toEqual(names);
  }
});

test('a device that was unplugged between the looks is not listed', () => {
  expect(ioSection(counters(line('sda', 1, 1) + line('sdb', 1, 1)), counters(line('sda', 1, 1)), 1)).toHaveLength(1);
});

test('a machine that does not count has no counters', () => {
  expect(readIoCounters(fakeMachine({}))).toBeUndefined();
});

test('without /sys/block partitions cannot be told, which is an error', () => {
  expect(() => readIoCounters(fakeMachine({ '/proc/diskstats': line('sda', 1, 1) }))).toThrow('partitions');
});

test.each(['garbage\n', '8 0 sda 1 2\n', '8 0 sda a b c d e f g h i j\n'])('the text %j is an error', (text) => {
  expect(() => counters(text)).toThrow(SyntaxError);
});

test('the devices of this machine have the counts that psutil finds', (context) => {
  const before = readIoCounters(createProbe())!;
  const peer: Record<string, Record<string, number>> = JSON.parse(
    askPsutil(context, '{k: v._asdict() for k, v in psutil.disk_io_counters(perdisk=True, nowrap=False).items()}'),
  );
  const after = readIoCounters(createProbe())!;
  for (const [name, first] of before) {
    const theirs = peer[name]!;
    for (const [ours, key] of [
      ['readBytes', 'read_bytes'],
      ['writtenBytes', 'write_bytes'],
      ['reads', 'read_count'],
    ] as const) {
      expect(theirs[key]).toBeGreaterThanOrEqual(first[ours]);
      expect(theirs[key]).toBeLessThanOrEqual(after.get(name)![ours]);
    }
  }
});

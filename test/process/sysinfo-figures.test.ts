import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import type { SysinfoReport } from '../../src/lib/system/report.ts';
import { bin, node, start } from '../support/start-devops.ts';

const env = { LC_ALL: 'C', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
const mebibyte = 2 ** 20;

async function report(...words: string[]): Promise<SysinfoReport> {
  const { stdout, stderr, exitCode } = await start(node, [bin, 'sysinfo', ...words, '--json']);
  expect([exitCode, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as SysinfoReport;
}

function ask(program: string, ...words: string[]): string {
  return execFileSync(program, words, { env, encoding: 'utf8', timeout: 10_000 });
}

/** What moves by itself lies between two looks, with some room for what others do meanwhile. */
function expectBetween(value: number, before: number, after: number, room: number): void {
  expect(value).toBeGreaterThanOrEqual(Math.min(before, after) - room);
  expect(value).toBeLessThanOrEqual(Math.max(before, after) + room);
}

test('memory and swap are what free -b says', async () => {
  const look = () => {
    const [, memory, swap] = ask('free', '-b', '-w')
      .split('\n')
      .map((line) => line.split(/\s+/).slice(1).map(Number));
    return { memory: memory!, swap: swap! };
  };
  const before = look();
  const { memory } = await report('memory');
  const after = look();
  const [total, , free, shared, buffers, , available] = [0, 1, 2, 3, 4, 5, 6].map(
    (at) => (key: typeof before) => key.memory[at]!,
  );
  expect(memory?.total_bytes).toBe(total!(before));
  expect([memory?.swap_total_bytes, memory?.swap_free_bytes]).toEqual([before.swap[0], expect.any(Number)]);
  const room = 512 * mebibyte;
  expectBetween(memory!.available_bytes, available!(before), available!(after), room);
  expectBetween(memory!.free_bytes, free!(before), free!(after), room);
  expectBetween(memory!.shared_bytes!, shared!(before), shared!(after), room);
  expectBetween(memory!.buffers_bytes, buffers!(before), buffers!(after), room);
  expect(memory!.used_pct).toBeCloseTo(100 * (1 - memory!.available_bytes / memory!.total_bytes), 6);
});

test('memory in text is the same number, rounded', async () => {
  const { stdout } = await start(node, [bin, 'sysinfo', 'memory']);
  const total = /memory .* of ([\d.]+) ([GM])iB/.exec(stdout)!;
  const bytes = Number(total[1]) * (total[2] === 'G' ? 1024 : 1) * mebibyte;
  expect(
    Math.abs(bytes / Number(/MemTotal: +(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))![1]) / 1024 - 1),
  ).toBeLessThan(0.006);
});

test('disks are what df -B1 says', async () => {
  const found = await report('disks');
  const rows = ask(
    'df',
    '-B1',
    '--output=target,size,used,avail,pcent',
    '--',
    ...found.disks!.map(({ mount }) => mount),
  )
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => /^(.*?)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+|-)%?$/.exec(line)!);
  expect(rows).toHaveLength(found.disks!.length);
  for (const [at, [, mount, size, used, available, percent]] of rows.entries()) {
    const disk = found.disks![at]!;
    expect(disk).toMatchObject({ mount, size_bytes: Number(size) });
    const room = Math.max(512 * mebibyte, Number(size) * 0.01);
    expectBetween(disk.used_bytes!, Number(used), Number(used), room);
    expectBetween(disk.available_bytes!, Number(available), Number(available), room);
    // df rounds up.
    if (percent !== '-') expectBetween(disk.used_pct!, Number(percent) - 1, Number(percent), 1);
  }
});

test('processors, load and times are those of /proc', async () => {
  const look = () => {
    const [load1, load5, load15] = readFileSync('/proc/loadavg', 'utf8').split(' ').map(Number);
    const stat = readFileSync('/proc/stat', 'utf8');
    const ticks = /^cpu +(\d+) (\d+) (\d+) (\d+)/
      .exec(stat)!
      .slice(1)
      .map((value) => Number(value) / 100);
    return { load: [load1!, load5!, load15!], user: ticks[0]! + ticks[1]!, system: ticks[2]!, idle: ticks[3]! };
  };
  const before = look();
  const { cpu, os } = await report('cpu', 'os');
  const after = look();
  expect(cpu?.cores).toBe(cpus().length);
  expect(cpu?.per_cpu).toHaveLength(cpus().length);
  for (const [at, load] of [cpu!.load1, cpu!.load5, cpu!.load15].entries()) {
    expectBetween(load, before.load[at]!, after.load[at]!, 0.5);
  }
  expectBetween(cpu!.seconds.user + cpu!.seconds.nice, before.user, after.user, 0.5);
  expectBetween(cpu!.seconds.system, before.system, after.system, 0.5);
  expectBetween(cpu!.seconds.idle, before.idle, after.idle, 0.5);
  expectBetween(os!.uptime_seconds, Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]), 0, 0);
  expect(os?.kernel).toBe(ask('uname', '-r').trim());
  expect(os?.architecture).toBe(ask('uname', '-m').trim());
});

test('the busy share of the sample is that of /proc/stat over the same time', async () => {
  const { cpu, sample_ms } = await report('cpu', '--sample', '300ms');
  expect(sample_ms).toBeGreaterThanOrEqual(295);
  const { idle, iowait, ...work } = cpu!.modes!;
  const busy = Object.values(work).reduce((sum, share) => sum + share, 0);
  expect(busy + idle + iowait).toBeCloseTo(100, 0);
  expect(cpu!.usage_pct).toBeCloseTo(busy, 0);
});

test('processes are as many as ps counts', async () => {
  const count = () => ask('ps', '-e', '--no-headers').trimEnd().split('\n').length;
  const agree = async () => {
    const before = count();
    const { processes } = await report('processes', '--sample', '0');
    const counts = [before, count()];
    return processes!.total >= Math.min(...counts) - 4 && processes!.total <= Math.max(...counts) + 4;
  };
  // Other tests start and end hundreds of them.
  await expect.poll(agree, { timeout: 20_000 }).toBe(true);
});

import { expect, test } from 'vitest';
import { cpuSection, parseLoad, parseStat, readCpuCounters, sharesBetween } from '../../../src/lib/system/cpu.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';
import type { CpuSeconds } from '../../../src/lib/system/report-resources.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPsutil } from './peer.ts';

const stat = (...processors: string[]): string =>
  `cpu  ${processors[0]}\n${processors.map((ticks, cpu) => `cpu${cpu} ${ticks}\n`).join('')}intr 5 0 0\nctxt 7\nbtime 1\n`;
const machine = (): ReturnType<typeof fakeMachine> => fakeMachine({ '/proc/loadavg': '1.00 2.50 3.25 1/2 3\n' });
const host = { cores: 1, source: 'host' as const };
const zero: CpuSeconds = { user: 0, nice: 0, system: 0, idle: 0, iowait: 0, irq: 0, softirq: 0, steal: 0 };

test('ticks are hundredths of a second, and the time of guests is not counted twice', () => {
  expect(parseStat(stat('1000 20 300 4000 50 6 7 8 900 10')).total).toEqual({
    user: 10,
    nice: 0.2,
    system: 3,
    idle: 40,
    iowait: 0.5,
    irq: 0.06,
    softirq: 0.07,
    steal: 0.08,
  });
});

test('processors keep their numbers where one between them is offline', () => {
  const text = stat('1 1 1 1 1 1 1 1', '1 1 1 1 1 1 1 1').replace('cpu1', 'cpu17');
  expect(parseStat(text).perCpu.map(({ cpu }) => cpu)).toEqual([0, 17]);
});

test.each([
  '',
  'intr 5\n',
  'cpu  1 2 3\n',
  'cpu  1 2 3 4 5 6 7 8\nctxt 1\n',
  'cpu  a b c d e f g h\ncpu0 1 1 1 1 1 1 1 1\n',
])('the text %j is an error and no zeros', (text) => {
  expect(() => parseStat(text)).toThrow(SyntaxError);
});

test('the share of every mode is that of the time between the two looks', () => {
  expect(sharesBetween(zero, { ...zero, user: 1, system: 0.5, idle: 2, iowait: 0.5 })?.modes).toEqual({
    ...zero,
    user: 25,
    system: 12.5,
    idle: 50,
    iowait: 12.5,
  });
});

test('a counter that went back counts as no time', () => {
  expect(sharesBetween({ ...zero, iowait: 9 }, { ...zero, iowait: 8, idle: 3, user: 1 })?.modes).toMatchObject({
    iowait: 0,
    idle: 75,
    user: 25,
  });
});

test('without a tick between the looks there are no percentages', () => {
  expect(sharesBetween(zero, zero)).toBeUndefined();
  const counters = parseStat(stat('1 1 1 1 1 1 1 1'));
  expect(cpuSection(machine(), counters, counters, host)).not.toHaveProperty('usage_pct');
});

test('waiting for a disk is not work, and time that the hypervisor took is', () => {
  const first = parseStat(stat('0 0 0 0 0 0 0 0', '0 0 0 0 0 0 0 0'));
  const second = parseStat(stat('10 0 0 60 20 0 0 10', '0 0 0 0 0 0 0 0'));
  const section = cpuSection(machine(), first, second, host);
  expect(section).toMatchObject({ usage_pct: 20, load1: 1, load5: 2.5, load15: 3.25, cores: 2, context_switches: 7 });
  expect(section.per_cpu).toMatchObject([{ cpu: 0, usage_pct: 20 }, { cpu: 1 }]);
  expect(section.per_cpu[1]).not.toHaveProperty('usage_pct');
});

test('a processor that came online between the looks has no percentage yet', () => {
  const first = parseStat(stat('1 1 1 1 1 1 1 1'));
  const second = parseStat(stat('2 1 1 1 1 1 1 1', '5 1 1 1 1 1 1 1'));
  expect(cpuSection(machine(), first, second, host).per_cpu[1]).toEqual({ cpu: 1, seconds: second.perCpu[1]!.seconds });
});

test('a load that is none is an error', () => {
  expect(() => parseLoad('1.00 2.00\n')).toThrow('/proc/loadavg has no three load averages');
});

test('this machine has the processors and the times that psutil finds', (context) => {
  const before = readCpuCounters(createProbe());
  const peer: [number, CpuSeconds, number, number] = JSON.parse(
    askPsutil(
      context,
      '[psutil.cpu_count(), psutil.cpu_times()._asdict(), len(psutil.cpu_times(percpu=True)), psutil.cpu_stats().ctx_switches]',
    ),
  );
  const after = readCpuCounters(createProbe());
  expect([before.perCpu.length, before.perCpu.length]).toEqual([peer[0], peer[2]]);
  for (const mode of ['user', 'nice', 'system', 'irq', 'softirq', 'steal'] as const) {
    expect(peer[1][mode]).toBeGreaterThanOrEqual(before.total[mode]);
    expect(peer[1][mode]).toBeLessThanOrEqual(after.total[mode]);
  }
  expect(peer[3]).toBeGreaterThanOrEqual(before.contextSwitches);
  expect(peer[3]).toBeLessThanOrEqual(after.contextSwitches);
});

test('a processor that works for the whole sample is seen working', () => {
  const probe = createProbe();
  const first = readCpuCounters(probe);
  const end = performance.now() + 300;
  while (performance.now() < end);
  const section = cpuSection(probe, first, readCpuCounters(probe), host);
  expect(section.usage_pct! * section.cores).toBeGreaterThan(50);
  expect(Object.values(section.modes!).reduce((sum, share) => sum + share)).toBeCloseTo(100, 6);
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CollectOptions, collectReport } from '../../../src/lib/system/collect-report.ts';
import { type SectionName, sectionNames, type SysinfoReport } from '../../../src/lib/system/report.ts';
import { fakeMachine } from './fake-machine.ts';
import { processStat } from './process-stat.ts';

const cases = join(import.meta.dirname, '../../cases/system');
const usual = sectionNames.filter((name) => name !== 'hardware');
/** Answered from files alone: no mount, no systemd, no container engine, no firmware. */
const fromFiles = ['os', 'cpu', 'memory', 'cgroup', 'io', 'network', 'processes', 'sensors', 'updates'] as const;

function collecting(
  root: string,
  sections: readonly SectionName[],
  more: Partial<CollectOptions> = {},
): CollectOptions {
  return {
    sections,
    required: new Set(),
    sampleSeconds: 0,
    deadlineSeconds: 5,
    topCount: 3,
    env: { PATH: '/usr/bin:/bin' },
    userId: 0,
    now: () => new Date('2026-01-02T03:04:05Z'),
    monotonic: () => performance.now() / 1000,
    signal: new AbortController().signal,
    root,
    ...more,
  };
}

function sectionsOf(report: SysinfoReport): string[] {
  return Object.keys(report).filter((key) => sectionNames.some((name) => name === key));
}

test.each(readdirSync(cases).filter((name) => name !== 'garbage'))(
  'of the recorded machine %s every section is there, or why it is not',
  async (name) => {
    const { report } = await collectReport(collecting(join(cases, name), fromFiles));
    const explained = [...report.errors, ...report.unavailable].map(({ section }) => section);
    expect(fromFiles.filter((section) => report[section] === undefined && !explained.includes(section))).toEqual([]);
    expect(sectionsOf(report).length).toBeGreaterThan(3);
    expect(report).toMatchObject({ schema: 'devops.sysinfo/1', time: '2026-01-02T03:04:05.000Z', sample_ms: 0 });
  },
);

test('sections stand in the order of the documentation, however they were asked for', async () => {
  const { report } = await collectReport(collecting('', usual.toReversed(), { sampleSeconds: 0.01 }));
  const present = sectionsOf(report);
  expect(present).toEqual(sectionNames.filter((name) => present.includes(name)));
  expect(present).toEqual(expect.arrayContaining(['os', 'cpu', 'memory', 'disks', 'network', 'processes']));
  const keys = Object.keys(report);
  expect(keys.slice(0, 5)).toEqual(['schema', 'host', 'time', 'took_ms', 'sample_ms']);
  expect(keys.slice(-4)).toEqual(['rules', 'errors', 'unavailable', 'status']);
});

test('only what was asked for is read', async () => {
  const { report } = await collectReport(collecting('', ['memory']));
  expect(sectionsOf(report)).toEqual(['memory']);
  expect([report.errors, report.unavailable, report.status]).toEqual([[], [], 'none']);
});

test('a folder of garbage gives errors and no figures', async () => {
  const { report } = await collectReport(collecting(join(cases, 'garbage'), fromFiles));
  expect(report.memory).toBeUndefined();
  expect(report.cpu).toBeUndefined();
  const failed = report.errors.map(({ section }) => section);
  expect(failed).toEqual(expect.arrayContaining(['cpu', 'memory']));
  expect(report.status).toBe('unknown');
});

test('a machine without /proc has a name, an error a section, and nothing that is 0', async () => {
  const { root } = fakeMachine({ '/etc/hostname': 'x\n' });
  const { report } = await collectReport(collecting(root, usual));
  expect(report.host).not.toBe('');
  expect(sectionsOf(report).filter((name) => name !== 'disks')).toEqual([]);
  expect(report.disks ?? []).toEqual([]);
  const told = new Set([...report.errors, ...report.unavailable].map(({ section }) => section));
  expect([...told].toSorted()).toEqual(usual.toSorted());
  expect(report.errors.every(({ required }) => required)).toBe(true);
  expect(report.status).toBe('unknown');
});

test('what a machine does not have is no error', async () => {
  const { root } = fakeMachine({ '/proc/self/mountinfo': '' });
  const wanted = ['io', 'network', 'services', 'sensors', 'users', 'updates', 'cgroup'] as const;
  const { report } = await collectReport(collecting(root, wanted));
  expect(report.errors).toEqual([]);
  expect(report.unavailable.map(({ section }) => section).toSorted()).toEqual(wanted.toSorted());
  expect(report.status).toBe('none');
});

test('without a sample there are no rates, and no time is spent', async () => {
  const started = performance.now();
  const { report } = await collectReport(collecting('', ['cpu', 'io', 'network', 'processes']));
  expect(performance.now() - started).toBeLessThan(2000);
  expect(report.sample_ms).toBe(0);
  expect(report.cpu?.usage_pct).toBeUndefined();
  expect(report.cpu?.seconds.idle).toBeGreaterThan(0);
  expect(report.network?.interfaces.every((link) => link.received_bytes_per_second === undefined)).toBe(true);
  expect(report.processes?.top_cpu).toEqual([]);
});

test('a sample waits once and gives rates', async () => {
  const { report } = await collectReport(collecting('', ['cpu', 'network'], { sampleSeconds: 0.1 }));
  expect(report.sample_ms).toBeGreaterThanOrEqual(95);
  expect(report.took_ms).toBeGreaterThanOrEqual(report.sample_ms);
  expect(report.cpu?.usage_pct).toBeGreaterThanOrEqual(0);
  expect(report.network?.interfaces.every((link) => link.received_bytes_per_second !== undefined)).toBe(true);
});

test('sections without counters do not wait for a sample', async () => {
  const started = performance.now();
  await collectReport(collecting('', ['memory', 'os'], { sampleSeconds: 20 }));
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('the live view measures since its last look, and waits no more', async () => {
  let seconds = 100;
  const options = collecting('', ['cpu'], { sampleSeconds: 20, monotonic: () => seconds });
  const { counters } = await collectReport({ ...options, sampleSeconds: 0 });
  seconds += 5;
  const { report } = await collectReport(options, counters);
  expect(report.sample_ms).toBe(5000);
});

test('an interrupted run ends at once with the reason', async () => {
  const controller = new AbortController();
  const running = collectReport(collecting('', ['cpu'], { sampleSeconds: 20, signal: controller.signal }));
  setTimeout(() => controller.abort(new Error('enough')), 20);
  await expect(running).rejects.toThrow('enough');
});

/** A machine of which a file cannot be read in either look. */
function halfReadable(): string {
  return fakeMachine({
    '/proc/meminfo/x': '',
    '/proc/stat/x': '',
    '/proc/uptime': '10.0 1.0\n',
    '/proc/1/stat': processStat({ pid: 1 }),
    '/proc/1/status': 'Uid:\t0\t0\t0\t0\n',
    '/proc/2/stat': 'broken',
    '/proc/self/mountinfo': '',
  }).root;
}

test('what cannot be read stands once in the errors, beside what can', async () => {
  const { report } = await collectReport(
    collecting(halfReadable(), ['cpu', 'memory', 'processes'], { sampleSeconds: 0.01 }),
  );
  expect(report.processes?.total).toBe(1);
  expect(report.memory).toBeUndefined();
  expect(report.errors.map(({ section, subject }) => [section, subject])).toEqual([
    ['cpu', undefined],
    ['memory', undefined],
    ['processes', '/proc/2/stat'],
  ]);
  expect(report.errors[2]).toMatchObject({ code: 'parse', required: true });
});

test('a fault that a sensor reports about itself is missed only by those who ask for sensors', async () => {
  const { root } = fakeMachine({
    '/sys/class/hwmon/hwmon0/name': 'chip',
    '/sys/class/hwmon/hwmon0/temp1_input': '0\n',
    '/sys/class/hwmon/hwmon0/temp1_fault': '1\n',
  });
  const bare = await collectReport(collecting(root, ['sensors']));
  expect(bare.report).toMatchObject({ status: 'none', errors: [{ section: 'sensors', required: false }] });
  const named = await collectReport(collecting(root, ['sensors'], { required: new Set<SectionName>(['sensors']) }));
  expect(named.report).toMatchObject({ status: 'unknown', errors: [{ section: 'sensors', required: true }] });
});

test('8,000 processes, the oddest names among them, are counted in less than two seconds', async () => {
  const names = ['a) R 9 (b c', 'new\nline', '\u001b[2J', '(((', ')', ' ', '日本', 'x'.repeat(63)];
  const files: Record<string, string> = { '/proc/uptime': '1000.00 1.00\n', '/proc/self/mountinfo': '' };
  for (let pid = 1; pid <= 8000; pid++) {
    const state = pid % 1000 === 0 ? 'Z' : 'S';
    const name = names[pid % names.length]!;
    files[`/proc/${pid}/stat`] = processStat({ pid, name, state, threads: 2, pages: pid });
    files[`/proc/${pid}/status`] = `Name:\tx\nUid:\t0\t0\t0\t0\nVmRSS:\t${pid} kB\n`;
  }
  const { root } = fakeMachine(files);
  const started = performance.now();
  const { report } = await collectReport(collecting(root, ['processes'], { sampleSeconds: 0.05 }));
  expect(performance.now() - started).toBeLessThan(2000);
  expect(report.errors).toEqual([]);
  expect(report.processes).toMatchObject({ total: 8000, zombie: 8, sleeping: 7992, threads: 16_000 });
  expect(report.processes?.top_memory.map(({ pid }) => pid)).toEqual([8000, 7999, 7998]);
  expect(report.processes?.zombies[0]).toMatchObject({ pid: 1000, state: 'Z', name: 'a) R 9 (b c' });
});

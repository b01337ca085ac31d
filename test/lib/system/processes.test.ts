import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createProbe } from '../../../src/lib/system/probe.ts';
import type { Probe } from '../../../src/lib/system/probe.ts';
import { readProcessCounters } from '../../../src/lib/system/process-counters.ts';
import { processesSection } from '../../../src/lib/system/processes.ts';
import type { ProcessesSection } from '../../../src/lib/system/report-workload.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPsutil } from './peer.ts';
import { processStat } from './process-stat.ts';

const options = { topCount: 10, uid: 0, userName: (uid: number) => (uid === 0 ? 'root' : undefined) };
/** Every process with a stat gets a status, unless it has one. */
const machine = (files: Record<string, string>): Probe => {
  const statuses = Object.keys(files)
    .filter((path) => path.endsWith('/stat'))
    .map((path) => [`${path}us`, 'VmRSS:\t     400 kB\n']);
  return fakeMachine({ '/proc/uptime': '1000.00 1.00\n', ...Object.fromEntries(statuses), ...files });
};
const describeOnce = (files: Record<string, string>, uid = 0): ProcessesSection => {
  const probe = machine(files);
  return processesSection(probe, readProcessCounters(probe), undefined, 0, { ...options, uid });
};

test('processes are counted by state', () => {
  const files = Object.fromEntries(
    'RSSIDZZTtXP'
      .split('')
      .map((state, at) => [`/proc/${at + 1}/stat`, processStat({ pid: at + 1, state, threads: 2 })]),
  );
  expect(describeOnce(files)).toMatchObject({
    total: 11,
    running: 1,
    sleeping: 3,
    blocked: 1,
    zombie: 2,
    stopped: 2,
    threads: 22,
    zombies: [{ pid: 6 }, { pid: 7 }],
    blocked_processes: [{ pid: 5 }],
  });
});

test('processor time is that of the sample, of one processor, and the greediest stand first', () => {
  const before = machine({
    '/proc/1/stat': processStat({ pid: 1, user: 100 }),
    '/proc/2/stat': processStat({ pid: 2, user: 100 }),
    '/proc/3/stat': processStat({ pid: 3, user: 100, started: 5 }),
  });
  const after = machine({
    '/proc/1/stat': processStat({ pid: 1, user: 110, system: 15 }),
    '/proc/2/stat': processStat({ pid: 2, user: 100 }),
    '/proc/3/stat': processStat({ pid: 3, user: 50, started: 99_990 }),
    '/proc/4/stat': processStat({ pid: 4, user: 10, started: 99_980 }),
  });
  const section = processesSection(after, readProcessCounters(before), readProcessCounters(after), 0.25, options);
  expect(section.top_cpu.map(({ pid, cpu_pct: percent }) => [pid, percent])).toEqual([
    [3, 200],
    [1, 100],
    [4, 40],
  ]);
  expect(section.top_memory[1]).toMatchObject({ pid: 2, cpu_pct: 0 });
});

test('without a sample nobody is said to use the processor', () => {
  const section = describeOnce({ '/proc/1/stat': processStat({ user: 100 }) });
  expect(section.top_cpu).toEqual([]);
  expect(section.top_memory[0]).not.toHaveProperty('cpu_pct');
});

test('lists are as long as asked for, and a thousand zombies are counted and not all shown', () => {
  const files = Object.fromEntries(
    Array.from({ length: 1000 }, (_, at) => [
      `/proc/${at + 1}/stat`,
      processStat({ pid: at + 1, state: 'Z', pages: at }),
    ]),
  );
  const section = describeOnce(files);
  expect(section.top_memory.map(({ pid }) => pid)).toEqual([1000, 999, 998, 997, 996, 995, 994, 993, 992, 991]);
  expect([section.zombie, section.zombies.length]).toEqual([1000, 100]);
});

const status = (uid: number): string => `Name:\tUid: 9\nUid:\t5\t${uid}\t5\t5\nVmRSS:\t5 kB\n`;

test('the user is the effective one, by name or number', () => {
  const section = describeOnce({
    '/proc/1/stat': processStat({ pid: 1, pages: 3 }),
    '/proc/1/status': status(0),
    '/proc/2/stat': processStat({ pid: 2, pages: 2 }),
    '/proc/2/status': status(4711),
    '/proc/3/stat': processStat({ pid: 3, pages: 1 }),
    '/proc/3/status': 'Name:\tx\n',
  });
  expect(section.top_memory.map(({ user }) => user)).toEqual(['root', '4711', undefined]);
});

test('memory is the exact figure of the kernel, also for the order', () => {
  const probe = machine({
    '/proc/1/stat': processStat({ pid: 1, pages: 500 }),
    '/proc/1/status': 'VmRSS:\t    2000 kB\n',
    '/proc/2/stat': processStat({ pid: 2, pages: 400 }),
    '/proc/2/status': 'VmRSS:\t    3000 kB\n',
    '/proc/3/stat': processStat({ pid: 3, state: 'Z', pages: 0 }),
    '/proc/3/status': 'Name:\tVmRSS\n',
  });
  const counters = readProcessCounters(probe);
  const section = processesSection(probe, counters, undefined, 0, { ...options, topCount: 1 });
  expect(section.top_memory.map((process) => [process.pid, process.resident_bytes])).toEqual([[2, 3_072_000]]);
  expect(section.zombies[0]!.resident_bytes).toBe(0);
});

test('a process that ended after it was counted is counted and not listed', () => {
  const probe = machine({ '/proc/1/stat': processStat({ pid: 1 }), '/proc/2/stat': processStat({ pid: 2 }) });
  const counters = readProcessCounters(probe);
  rmSync(`${probe.root}/proc/2`, { recursive: true });
  const section = processesSection(probe, counters, undefined, 0, options);
  expect([section.total, section.top_memory.map(({ pid }) => pid)]).toEqual([2, [1]]);
  expect(probe.errors).toEqual([]);
});

test('a blocked process tells where it waits, and nobody else is asked', () => {
  const section = describeOnce({
    '/proc/1/stat': processStat({ pid: 1, state: 'D' }),
    '/proc/1/wchan': 'rpc_wait_bit_killable',
    '/proc/2/stat': processStat({ pid: 2, state: 'D' }),
    '/proc/2/wchan': '0',
    '/proc/3/stat': processStat({ pid: 3, state: 'S' }),
    '/proc/3/wchan': 'do_wait',
  });
  expect(section.blocked_processes.map((process) => process.wait_channel)).toEqual([
    'rpc_wait_bit_killable',
    undefined,
  ]);
  expect(section.top_memory.find(({ pid }) => pid === 3)).not.toHaveProperty('wait_channel');
});

test('a limit of open files that is none is absent', () => {
  const files = { '/proc/1/stat': processStat({}), '/proc/sys/kernel/pid_max': '4194304\n' };
  expect(describeOnce({ ...files, '/proc/sys/fs/file-nr': '100\t0\t2000\n' })).toMatchObject({
    open_files: 100,
    open_files_limit: 2000,
    pid_limit: 4_194_304,
  });
  expect(describeOnce({ ...files, '/proc/sys/fs/file-nr': '100\t0\t9223372036854775807\n' })).not.toHaveProperty(
    'open_files_limit',
  );
});

test.each([
  ['hidepid=2', 1000, true],
  ['gid=4,hidepid=1', 1000, true],
  ['hidepid=invisible', 1000, true],
  ['hidepid=ptraceable', 1000, true],
  ['hidepid=noaccess', 1000, true],
  ['hidepid=0', 1000, undefined],
  ['hidepid=off', 1000, undefined],
  ['gid=4', 1000, undefined],
  ['hidepid=2', 0, undefined],
])('with the option %s, uid %i sees a part of the processes: %s', (option, uid, partial) => {
  const mountinfo = `1 0 0:1 / / rw - ext4 /dev/a rw,hidepid=2\n2 1 0:2 / /proc rw - proc proc rw,${option}\n`;
  expect(describeOnce({ '/proc/1/stat': processStat({}), '/proc/self/mountinfo': mountinfo }, uid).partial).toBe(
    partial,
  );
});

test('a process that may not be looked at makes the counts partial', () => {
  const probe = machine({ '/proc/1/stat': processStat({}) });
  const counters = { ...readProcessCounters(probe), hidden: 3 };
  expect(processesSection(probe, counters, undefined, 0, options).partial).toBe(true);
});

test('the failure of one process is an error and the others are counted', () => {
  const probe = machine({ '/proc/1/stat': processStat({}), '/proc/2/stat': 'garbage' });
  expect(processesSection(probe, readProcessCounters(probe), undefined, 0, options).total).toBe(1);
  expect(probe.errors).toMatchObject([{ section: 'processes', code: 'parse', subject: '/proc/2/stat' }]);
});

test('a process that has worked and then sleeps is described as psutil describes it', async (context) => {
  const probe = createProbe();
  const first = readProcessCounters(probe);
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done; read forever'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  // Until it waits in `read`, it still takes memory.
  await vi.waitFor(() => expect(readFileSync(`/proc/${child.pid}/stat`, 'utf8')).toContain(') S '), { timeout: 5000 });
  const second = readProcessCounters(probe);
  const seconds = (performance.now() - started) / 1000;
  const { username, uid } = userInfo();
  const section = processesSection(probe, first, second, seconds, {
    topCount: 10_000,
    uid,
    userName: (id) => (id === uid ? username : undefined),
  });
  const peer: [string, number, string, number, number, number, number] = JSON.parse(
    askPsutil(
      context,
      `(lambda p: [p.name(), p.ppid(), p.username(), p.memory_info().rss, p.create_time(), p.num_threads(), p.cpu_times().user + p.cpu_times().system])(psutil.Process(${child.pid}))`,
    ),
  );
  const ours = section.top_memory.find(({ pid }) => pid === child.pid)!;
  expect([ours.name, ours.parent_pid, ours.user, ours.resident_bytes, ours.threads]).toEqual([
    ...peer.slice(0, 4),
    peer[5],
  ]);
  expect(Math.abs(Date.now() / 1000 - ours.age_seconds - peer[4])).toBeLessThan(2);
  expect((ours.cpu_pct! * seconds) / 100).toBeCloseTo(peer[6], 1);
  expect(section.top_cpu.map(({ pid }) => pid)).toContain(child.pid);
  expect(section.top_memory.map(({ pid }) => pid)).toContain(process.pid);
  expect(probe.errors).toEqual([]);
});

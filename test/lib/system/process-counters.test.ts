import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { parseProcessStat, readProcessCounters } from '../../../src/lib/system/process-counters.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPeer } from './peer.ts';
import { processStat } from './process-stat.ts';

test.each(['sleep', 'a) R 9 (b c', ')', '(', '', '((sd-pam))', 'new\nline', '\x1b[31m', ') S 1 2 3 4 5'])(
  'a process that calls itself %j is read right',
  (name) => {
    const text = processStat({
      pid: 42,
      name,
      state: 'D',
      parent: 7,
      user: 100,
      system: 23,
      threads: 4,
      started: 999,
      pages: 5,
    });
    expect(parseProcessStat(42, text)).toEqual({
      pid: 42,
      parent: 7,
      name,
      state: 'D',
      ticks: 123,
      threads: 4,
      started: 999,
      residentPages: 5,
    });
  },
);

test.each(['', '\n', '42 (a', '42 (a) S 1 2 3\n', '42 (a) S x 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 5 4096 1 0 0\n'])(
  'the text %j is an error and no process',
  (text) => {
    expect(() => parseProcessStat(42, text)).toThrow('/proc/42/stat is not whole');
  },
);

test('a process that ended meanwhile is no error, and one that cannot be read is kept as the failure', () => {
  const probe = fakeMachine({
    '/proc/1/stat': processStat({ pid: 1 }),
    '/proc/2/comm': 'ended\n',
    '/proc/3/stat': 'garbage',
    '/proc/4/stat/folder': '',
    '/proc/stat': 'cpu\n',
    '/proc/self/stat': processStat({ pid: 1 }),
  });
  const counters = readProcessCounters(probe);
  expect(counters.processes.map(({ pid }) => pid)).toEqual([1]);
  expect(counters.failure).toMatchObject({ path: '/proc/3/stat', cause: { message: '/proc/3/stat is not whole' } });
  expect(counters.hidden).toBe(0);
});

test('8,000 processes are read within two seconds', () => {
  const probe = fakeMachine({ '/proc/uptime': '1 1\n' });
  for (let pid = 1; pid <= 8000; pid++) {
    mkdirSync(`${probe.root}/proc/${pid}`);
    writeFileSync(`${probe.root}/proc/${pid}/stat`, processStat({ pid, name: `worker ${pid}` }));
  }
  const started = performance.now();
  const { processes } = readProcessCounters(probe);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(processes).toHaveLength(8000);
});

test('the processes of this machine are those that ps lists', (context) => {
  const before = new Set(readProcessCounters(createProbe()).processes.map(({ pid }) => pid));
  const theirs = new Set(askPeer(context, 'ps', ['-e', '-o', 'pid=']).trim().split(/\s+/).map(Number));
  const after = new Set(readProcessCounters(createProbe()).processes.map(({ pid }) => pid));
  expect(before.has(process.pid)).toBe(true);
  // Who was there before and after the peer looked was there when it did; only the short-lived are in neither of ours.
  expect([...before].filter((pid) => after.has(pid) && !theirs.has(pid))).toEqual([]);
  expect([...theirs].filter((pid) => !before.has(pid) && !after.has(pid)).length).toBeLessThan(10);
});

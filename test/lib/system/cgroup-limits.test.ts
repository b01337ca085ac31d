import { expect, test } from 'vitest';
import type { Hierarchy } from '../../../src/lib/system/cgroup-hierarchy.ts';
import { cpuOf, memoryOf, pidsOf } from '../../../src/lib/system/cgroup-limits.ts';
import { fakeMachine } from './fake-machine.ts';

/** The group /top/own with its parent and the root. */
const hierarchy = (version: 1 | 2): Hierarchy => ({
  version,
  controllers: [],
  path: '/top/own',
  groups: ['/top/own', '/top', '/'].map((path) => ({ path, directory: path === '/' ? '/g' : `/g${path}` })),
});

test('the smallest limit may be that of an ancestor, and then its use counts', () => {
  const probe = fakeMachine({
    '/g/top/own/memory.max': '2000\n',
    '/g/top/own/memory.current': '10\n',
    '/g/top/memory.max': '1000\n',
    '/g/top/memory.current': '900\n',
    '/g/top/memory.stat': 'inactive_anon 5\ninactive_file 300\n',
    '/g/top/memory.events': 'oom 9\noom_kill 7\noom_group_kill 0\n',
  });
  expect(memoryOf(probe, hierarchy(2))).toEqual({
    limit_bytes: 1000,
    limit_path: '/top',
    current_bytes: 900,
    inactive_file_bytes: 300,
    oom_kills: 7,
  });
  expect(probe.errors).toEqual([]);
});

test('of two equal limits that of the ancestor counts, because others use it too', () => {
  const probe = fakeMachine({ '/g/top/own/memory.max': '1000\n', '/g/top/memory.max': '1000\n' });
  expect(memoryOf(probe, hierarchy(2))).toMatchObject({ limit_path: '/top' });
});

test.each(['9223372036854771712', '9223372036854710272', '9223372036854775807', '18446744073709551615'])(
  'version 1 means no limit by %s',
  (unlimited) => {
    const probe = fakeMachine({
      '/g/top/own/memory.limit_in_bytes': `${unlimited}\n`,
      '/g/top/own/memory.usage_in_bytes': '77\n',
      '/g/top/own/memory.stat': `hierarchical_memory_limit ${unlimited}\ninactive_file 1\ntotal_inactive_file 2\n`,
      '/g/top/own/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n',
    });
    expect(memoryOf(probe, hierarchy(1))).toEqual({ current_bytes: 77, inactive_file_bytes: 2, oom_kills: 3 });
  },
);

test('version 1 also tells of a limit above the groups that can be seen, and then no path is named', () => {
  const probe = fakeMachine({
    '/g/top/own/memory.limit_in_bytes': '2000\n',
    '/g/top/own/memory.stat': 'hierarchical_memory_limit 500\n',
    '/g/memory.usage_in_bytes': '400\n',
    '/g/memory.stat': 'total_inactive_file 50\n',
  });
  expect(memoryOf(probe, hierarchy(1))).toEqual({ limit_bytes: 500, current_bytes: 400, inactive_file_bytes: 50 });
});

test('a hierarchy that does not count memory has none', () => {
  expect(memoryOf(fakeMachine({}), hierarchy(2))).toBeUndefined();
});

test('a limit that is no number is an error, and the limits of the ancestors still hold', () => {
  const probe = fakeMachine({ '/g/top/own/memory.max': 'lots\x1b\n', '/g/top/memory.max': '1000\n' });
  expect(memoryOf(probe, hierarchy(2))).toEqual({ limit_bytes: 1000, limit_path: '/top' });
  expect(probe.errors).toMatchObject([
    { section: 'cgroup', code: 'parse', message: String.raw`/g/top/own/memory.max is not a number: "lots\x1b"` },
  ]);
});

test('a quota of version 2 is told in processors', () => {
  const probe = fakeMachine({
    '/g/top/own/cpu.max': 'max 100000\n',
    '/g/top/cpu.max': '25000 50000\n',
    '/g/top/cpu.stat': 'nr_periods 8\nnr_throttled 2\nthrottled_usec 1500000\n',
  });
  expect(cpuOf(probe, hierarchy(2))).toEqual({
    quota_cores: 0.5,
    quota_path: '/top',
    throttled_pct: 25,
    throttled_seconds: 1.5,
  });
});

test('a quota of version 1 is told in processors, and its time is in nanoseconds', () => {
  const probe = fakeMachine({
    '/g/top/own/cpu.cfs_quota_us': '150000\n',
    '/g/top/own/cpu.cfs_period_us': '100000\n',
    '/g/top/own/cpu.stat': 'nr_periods 0\nnr_throttled 0\nthrottled_time 2500000000\n',
    '/g/top/cpu.cfs_quota_us': '-1\n',
  });
  expect(cpuOf(probe, hierarchy(1))).toEqual({
    quota_cores: 1.5,
    quota_path: '/top/own',
    throttled_pct: 0,
    throttled_seconds: 2.5,
  });
});

test('without a quota there is nothing about processors', () => {
  expect(cpuOf(fakeMachine({ '/g/top/own/cpu.max': 'max 100000\n' }), hierarchy(2))).toBeUndefined();
});

test.each(['50000', '50000 0', 'x y', ''])('a quota of "%s" is an error and not a number', (text) => {
  const probe = fakeMachine({ '/g/top/own/cpu.max': `${text}\n` });
  expect(cpuOf(probe, hierarchy(2))).toBeUndefined();
  expect(probe.errors).toMatchObject([{ section: 'cgroup', code: 'parse' }]);
});

test('tasks are counted in the group that limits them', () => {
  const probe = fakeMachine({
    '/g/top/own/pids.max': 'max\n',
    '/g/top/own/pids.current': '5\n',
    '/g/top/pids.max': '100\n',
    '/g/top/pids.current': '70\n',
  });
  expect(pidsOf(probe, hierarchy(2))).toEqual({ limit: 100, current: 70 });
});

test('tasks are counted in the own group without a limit, and nowhere in a root that does not count', () => {
  expect(pidsOf(fakeMachine({ '/g/top/own/pids.current': '5\n' }), hierarchy(2))).toEqual({ current: 5 });
  expect(pidsOf(fakeMachine({}), hierarchy(2))).toBeUndefined();
});

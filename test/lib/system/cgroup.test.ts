import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TestContext } from 'vitest';
import { findHierarchies } from '../../../src/lib/system/cgroup-hierarchy.ts';
import { cgroupSection } from '../../../src/lib/system/cgroup.ts';
import { parseMountinfo } from '../../../src/lib/system/mountinfo.ts';
import type { CgroupSection, MemorySection } from '../../../src/lib/system/report-resources.ts';
import { fakeMachine } from './fake-machine.ts';

const v1Mounts = [
  '30 1 0:30 / /g/memory rw - cgroup cgroup rw,memory',
  '31 1 0:31 / /g/cpu rw - cgroup cgroup rw,cpu,cpuacct',
  '32 1 0:32 / /g/systemd rw - cgroup cgroup rw,name=systemd',
].join('\n');
const v2Mount = '33 1 0:33 / /g/unified rw - cgroup2 cgroup2 rw';

test('a hybrid machine has each controller where it is, and version 2 for the others', () => {
  const probe = fakeMachine({
    '/proc/self/cgroup': '3:memory:/m\n2:cpu,cpuacct:/\n1:name=systemd:/s\n0::/u\n',
    '/proc/self/mountinfo': `${v1Mounts}\n${v2Mount}\n`,
    '/g/memory/m/memory.limit_in_bytes': '4096\n',
    '/g/memory/m/memory.usage_in_bytes': '100\n',
    '/g/cpu/tasks': '',
    '/g/systemd/s/tasks': '',
    '/g/unified/u/pids.current': '9\n',
    '/g/unified/u/memory.max': '1\n',
  });
  expect(cgroupSection(probe)).toEqual({
    version: 'hybrid',
    path: '/m',
    memory: { limit_bytes: 4096, limit_path: '/m', current_bytes: 100 },
    pids: { current: 9 },
  });
  expect(probe.errors).toEqual([]);
});

test('a hierarchy of version 1 that only names processes does not make version 2 a hybrid', () => {
  const probe = fakeMachine({
    '/proc/self/cgroup': '1:name=systemd:/\n0::/\n',
    '/proc/self/mountinfo': `${v1Mounts}\n${v2Mount}\n`,
    '/g/systemd/tasks': '',
    '/g/unified/cgroup.procs': '',
  });
  expect(cgroupSection(probe)).toEqual({ version: 2, path: '/' });
});

test('mount points with octal escapes are found', () => {
  const probe = fakeMachine({
    '/proc/self/cgroup': '0::/\n',
    '/proc/self/mountinfo': String.raw`33 1 0:33 / /my\040groups rw - cgroup2 cgroup2 rw` + '\n',
    '/my groups/memory.max': '4096\n',
    '/my groups/memory.current': '1\n',
  });
  expect(cgroupSection(probe)?.memory).toMatchObject({ limit_bytes: 4096 });
});

test('a group whose folder is not found is an error and not a group without limits', () => {
  const probe = fakeMachine({
    '/proc/self/cgroup': '0::/a\n',
    '/proc/self/mountinfo': `${v2Mount}\n`,
    '/g/unified/x': '',
  });
  expect(cgroupSection(probe)).toBeUndefined();
  expect(probe.errors).toMatchObject([{ section: 'cgroup', subject: '/g/unified/a' }]);
  expect(probe.unavailable).toEqual([]);
});

test('where no hierarchy is mounted the section is unavailable', () => {
  const probe = fakeMachine({ '/proc/self/cgroup': '0::/\n', '/proc/self/mountinfo': '' });
  expect(cgroupSection(probe)).toBeUndefined();
  expect(probe.unavailable).toEqual([{ section: 'cgroup', reason: 'no control group is mounted here' }]);
});

interface Described {
  cgroup: CgroupSection;
  memory: MemorySection;
  errors: unknown[];
}

const script = `
  const { createProbe } = await import(${JSON.stringify(new URL('../../../src/lib/system/probe.ts', import.meta.url).href)});
  const { cgroupSection } = await import(${JSON.stringify(new URL('../../../src/lib/system/cgroup.ts', import.meta.url).href)});
  const { memorySection } = await import(${JSON.stringify(new URL('../../../src/lib/system/memory.ts', import.meta.url).href)});
  const probe = createProbe();
  const cgroup = cgroupSection(probe);
  console.log(JSON.stringify({ cgroup, memory: memorySection(probe, cgroup), errors: probe.errors }));
`;

test('a process in a real group of 512 MiB below one of 256 MiB has 256 MiB', (context) => {
  const parent = `${writableGroup(context, 'memory')}/devops-test-${process.pid}-${Date.now()}`;
  const child = `${parent}/child`;
  for (const folder of [parent, child]) {
    mkdirSync(folder);
    onTestFinished(() => removeGroup(folder));
  }
  writeFileSync(`${parent}/memory.limit_in_bytes`, String(256 * 2 ** 20));
  writeFileSync(`${child}/memory.limit_in_bytes`, String(512 * 2 ** 20));
  const { cgroup, memory, errors } = describeInside(`${child}/cgroup.procs`);
  expect(errors).toEqual([]);
  expect(cgroup.path.endsWith('/child')).toBe(true);
  expect(cgroup.memory).toMatchObject({ limit_bytes: 256 * 2 ** 20, limit_path: dirname(cgroup.path), oom_kills: 0 });
  expect(memory.effective).toMatchObject({ total_bytes: 256 * 2 ** 20, limit_source: 'cgroup' });
  expect(memory.effective.available_bytes).toBeGreaterThan(100 * 2 ** 20);
  expect(memory.effective.available_bytes).toBeLessThan(256 * 2 ** 20);
});

test('a process in a real group with a quota of half a processor has half a processor', (context) => {
  const group = `${writableGroup(context, 'cpu')}/devops-test-${process.pid}-${Date.now()}`;
  mkdirSync(group);
  onTestFinished(() => removeGroup(group));
  writeFileSync(`${group}/cpu.cfs_period_us`, '100000');
  writeFileSync(`${group}/cpu.cfs_quota_us`, '50000');
  const { cgroup, errors } = describeInside(`${group}/cgroup.procs`);
  expect(errors).toEqual([]);
  expect(cgroup.cpu).toMatchObject({ quota_cores: 0.5 });
  expect(cgroup.cpu?.quota_path?.endsWith(`/${group.split('/').at(-1)}`)).toBe(true);
});

/** Folder of our own group where a test may make another; without it (no root, no version 1) the test says so. */
function writableGroup(context: TestContext, controller: string): string {
  const membership = readFileSync('/proc/self/cgroup', 'utf8');
  const mounts = parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  const found = findHierarchies(membership, mounts).find(({ controllers }) => controllers.includes(controller));
  const folder = found?.groups[0]!.directory;
  if (folder === undefined) return context.skip(`this machine has no ${controller} controller of version 1`);
  if (process.getuid?.() !== 0) return context.skip('only root may make control groups');
  return folder;
}

/** Runs the collectors in a process that has joined the group. */
function describeInside(procs: string): Described {
  const join = 'echo $$ > "$0" && exec "$1" --input-type=module --eval "$2"';
  const result = spawnSync('sh', ['-c', join, procs, process.execPath, script], { encoding: 'utf8', timeout: 20_000 });
  if (result.status !== 0) throw new Error(result.stderr);
  const described: Described = JSON.parse(result.stdout);
  return described;
}

/** A group that a process has just left may be busy for a moment. */
function removeGroup(folder: string): void {
  for (let attempt = 0; existsSync(folder); attempt++) {
    try {
      rmdirSync(folder);
    } catch (error) {
      if (attempt === 20) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

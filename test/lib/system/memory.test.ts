import { expect, test } from 'vitest';
import { memorySection, parseMeminfo } from '../../../src/lib/system/memory.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';
import type { CgroupMemory, CgroupSection } from '../../../src/lib/system/report-resources.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPeer } from './peer.ts';

const meminfo = [
  'MemTotal:        1000000 kB',
  'MemFree:          100000 kB',
  'MemAvailable:     600000 kB',
  'Buffers:           10000 kB',
  'Cached:           500000 kB',
  'SwapTotal:             0 kB',
  'SwapFree:              0 kB',
  '',
].join('\n');

const inGroup = (memory: CgroupMemory): CgroupSection => ({ version: 2, path: '/', memory });
const effective = (memory: CgroupMemory): unknown =>
  memorySection(fakeMachine({ '/proc/meminfo': meminfo }), inGroup(memory)).effective;

test('page cache counts as available and the percentage is that of what is not available', () => {
  expect(parseMeminfo(meminfo)).toMatchObject({
    total_bytes: 1_024_000_000,
    available_bytes: 614_400_000,
    used_pct: 40,
  });
});

test('without swap there is no percentage of swap', () => {
  expect(parseMeminfo(meminfo)).not.toHaveProperty('swap_used_pct');
});

test('a kernel without MemAvailable is an error and no guess', () => {
  expect(() => parseMeminfo(meminfo.replace('MemAvailable', 'MemSomething'))).toThrow(
    '/proc/meminfo has no MemAvailable',
  );
});

test('a machine without any memory is an error and no division by zero', () => {
  expect(() => parseMeminfo(meminfo.replace('1000000', '0'))).toThrow(SyntaxError);
});

test('without a limit the effective memory is the host', () => {
  const section = memorySection(fakeMachine({ '/proc/meminfo': meminfo }), undefined);
  expect(section.effective).toEqual({
    total_bytes: 1_024_000_000,
    available_bytes: 614_400_000,
    used_pct: 40,
    limit_source: 'host',
  });
});

test('a limit above the memory of the host changes nothing', () => {
  expect(effective({ limit_bytes: 2_000_000_000, current_bytes: 1 })).toMatchObject({ limit_source: 'host' });
});

test('below a limit, page cache that can be dropped is available', () => {
  expect(effective({ limit_bytes: 500_000_000, current_bytes: 400_000_000, inactive_file_bytes: 150_000_000 })).toEqual(
    {
      total_bytes: 500_000_000,
      available_bytes: 250_000_000,
      used_pct: 50,
      limit_source: 'cgroup',
    },
  );
});

test('a group cannot have more than what is left on the host', () => {
  expect(effective({ limit_bytes: 900_000_000, current_bytes: 0 })).toMatchObject({ available_bytes: 614_400_000 });
});

test('a group above its limit has nothing left, and not less than nothing', () => {
  expect(effective({ limit_bytes: 100, current_bytes: 300 })).toMatchObject({ available_bytes: 0, used_pct: 100 });
  expect(effective({ limit_bytes: 0, current_bytes: 0 })).toMatchObject({ available_bytes: 0, used_pct: 100 });
});

test('this machine has the memory that free shows', (context) => {
  const before = memorySection(createProbe(), undefined);
  const lines = askPeer(context, 'free', ['-b', '-w'])
    .split('\n')
    .map((line) => line.split(/\s+/));
  const after = memorySection(createProbe(), undefined);
  const [, total, , free, shared, buffers, , available] = lines[1]!.map(Number);
  expect(before).toMatchObject({ total_bytes: total, swap_total_bytes: Number(lines[2]![1]) });
  // Other programs run meanwhile, so the peer's figure lies near ours.
  const near = (ours: number | undefined, again: number | undefined, theirs: number | undefined): void => {
    expect(Math.min(Math.abs(ours! - theirs!), Math.abs(again! - theirs!))).toBeLessThan(total! * 0.03);
  };
  near(before.available_bytes, after.available_bytes, available);
  near(before.free_bytes, after.free_bytes, free);
  near(before.shared_bytes, after.shared_bytes, shared);
  near(before.buffers_bytes, after.buffers_bytes, buffers);
});

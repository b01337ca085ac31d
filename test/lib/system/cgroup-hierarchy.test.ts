import { expect, test } from 'vitest';
import { findHierarchies } from '../../../src/lib/system/cgroup-hierarchy.ts';
import { parseMountinfo } from '../../../src/lib/system/mountinfo.ts';

const v2 = (root: string, mount = '/sys/fs/cgroup'): string => `9 8 0:26 ${root} ${mount} rw - cgroup2 cgroup2 rw`;
const memory = (root: string, mount = '/sys/fs/cgroup/memory'): string =>
  `9 8 0:30 ${root} ${mount} rw - cgroup cgroup rw,memory`;
const groups = (membership: string, ...mounts: string[]): unknown[][] =>
  findHierarchies(membership, parseMountinfo(mounts.join('\n'))).map((found) =>
    found.groups.map(({ path, directory }) => [path, directory]),
  );

test('the groups are the own one and its ancestors up to the root', () => {
  expect(groups('0::/a.slice/b.service\n', v2('/'))).toEqual([
    [
      ['/a.slice/b.service', '/sys/fs/cgroup/a.slice/b.service'],
      ['/a.slice', '/sys/fs/cgroup/a.slice'],
      ['/', '/sys/fs/cgroup'],
    ],
  ]);
});

test('in a cgroup namespace of its own, a container sees its group as the root', () => {
  expect(groups('0::/\n', v2('/'))).toEqual([[['/', '/sys/fs/cgroup']]]);
});

test('where only the own group is mounted, the path is translated and the ancestors above it are out of sight', () => {
  expect(groups('4:memory:/docker/1234/job\n', memory('/docker/1234'))).toEqual([
    [
      ['/docker/1234/job', '/sys/fs/cgroup/memory/job'],
      ['/docker/1234', '/sys/fs/cgroup/memory'],
    ],
  ]);
});

test('a mount of a group whose name only begins alike is not an ancestor', () => {
  expect(groups('4:memory:/docker/1234\n', memory('/docker/12'))).toEqual([]);
});

test('a group outside of the own cgroup namespace is below no mount', () => {
  expect(groups('0::/../other\n', v2('/'))).toEqual([]);
});

test('a mount from before the cgroup namespace shows an ancestor, whose limits hold', () => {
  expect(groups('0::/\n', v2('/../..'))).toEqual([[['/../..', '/sys/fs/cgroup']]]);
  expect(groups('0::/../../../x\n', v2('/../..'))).toEqual([]);
});

test('of two mounts the one that shows more ancestors counts', () => {
  const both = [memory('/docker/1234', '/own'), memory('/', '/all')];
  expect(groups('4:memory:/docker/1234\n', ...both)[0]).toHaveLength(3);
  expect(groups('4:memory:/docker/1234\n', ...both.toReversed())[0]).toHaveLength(3);
});

test('a mount that a later one on the same folder hides does not count', () => {
  expect(groups('0::/a/b\n', v2('/'), v2('/a'))).toEqual([
    [
      ['/a/b', '/sys/fs/cgroup/b'],
      ['/a', '/sys/fs/cgroup'],
    ],
  ]);
  expect(groups('0::/a\n', v2('/'), '9 8 0:1 / /sys/fs/cgroup rw - tmpfs tmpfs rw')).toEqual([]);
});

test('controllers that share a hierarchy are found in the options of its one mount', () => {
  const mounts = parseMountinfo('9 8 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct');
  expect(findHierarchies('3:cpu,cpuacct:/a\n', mounts)).toMatchObject([
    { version: 1, controllers: ['cpu', 'cpuacct'], path: '/a', groups: [{}, {}] },
  ]);
});

test('a path may hold colons, and its mount spaces', () => {
  const [found] = groups(
    '4:memory:/a:b c\n',
    String.raw`9 8 0:30 /a:b\040c /sys/my\040groups rw - cgroup cgroup rw,memory`,
  );
  expect(found).toEqual([['/a:b c', '/sys/my groups']]);
});

test('lines that are none are left out', () => {
  expect(groups('garbage\n0::\nx:memory:/a\n::\n', v2('/'), memory('/'))).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseMountinfo } from '../../../src/lib/system/mountinfo.ts';
import { askPsutil } from './peer.ts';

const line = '412 77 259:5 /shop /srv/shop ro,nodev shared:31 - xfs /dev/nvme1n1p5 rw,noquota';

test('every field of a line has its name', () => {
  expect(parseMountinfo(`${line}\n`)).toEqual([
    {
      id: 412,
      parent: 77,
      device: '259:5',
      root: '/shop',
      mount: '/srv/shop',
      options: ['ro', 'nodev'],
      fstype: 'xfs',
      source: '/dev/nvme1n1p5',
      superOptions: ['rw', 'noquota'],
    },
  ]);
});

test.each([
  ['none', '1 2 0:1 / /a rw - tmpfs tmpfs rw'],
  ['one', '1 2 0:1 / /a rw shared:7 - tmpfs tmpfs rw'],
  ['three', '1 2 0:1 / /a rw shared:7 master:1 unbindable - tmpfs tmpfs rw'],
])('%s of the optional fields are skipped', (_, text) => {
  expect(parseMountinfo(text)).toMatchObject([{ mount: '/a', fstype: 'tmpfs', superOptions: ['rw'] }]);
});

test('octal escapes of spaces, tabs, newlines, backslashes and hashes are decoded once', () => {
  const text = String.raw`1 2 0:1 /a\040b /mnt/x\011y\012z\134040\043 rw - fuse.sshfs me@host:/my\040files rw`;
  expect(parseMountinfo(text)).toMatchObject([
    { root: '/a b', mount: '/mnt/x\ty\nz\\040#', fstype: 'fuse.sshfs', source: 'me@host:/my files' },
  ]);
});

test('a mount point named "-" is not taken for the separator', () => {
  expect(parseMountinfo('1 2 0:1 / - rw - tmpfs tmpfs rw')).toMatchObject([{ mount: '-', fstype: 'tmpfs' }]);
});

test('an empty source is empty and does not shift the fields', () => {
  expect(parseMountinfo('1 2 0:1 / /a rw - tmpfs  rw,size=1k')).toMatchObject([
    { fstype: 'tmpfs', source: '', superOptions: ['rw', 'size=1k'] },
  ]);
});

test('spaces that a driver leaves in its options stay in them', () => {
  const text = String.raw`1 2 0:1 / /mnt/c rw - 9p drvfs rw,aname=drvfs;path=C:\Program Files\Docker;uid=0,cache=5`;
  expect(parseMountinfo(text)[0]!.superOptions).toEqual([
    'rw',
    String.raw`aname=drvfs;path=C:\Program Files\Docker;uid=0`,
    'cache=5',
  ]);
});

test('lines that are not whole are left out and the others stay', () => {
  expect(parseMountinfo(`garbage\n\n1 2 0:1 / /a rw\n1 2 0:1 / /a rw - ext4\n${line}\n`)).toHaveLength(1);
  expect(parseMountinfo('')).toEqual([]);
});

test('the mounts of this process are those that psutil finds', (context) => {
  const ours = parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  const theirs: string[][] = JSON.parse(
    askPsutil(context, '[[p.device, p.mountpoint, p.fstype] for p in psutil.disk_partitions(all=True)]'),
  );
  expect(ours.map(({ source, mount, fstype }) => [source, mount, fstype])).toEqual(theirs);
});

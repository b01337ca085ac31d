import { symlinkSync } from 'node:fs';
import { hostname, machine, release } from 'node:os';
import { expect, test } from 'vitest';
import { hostName, osSection } from '../../../src/lib/system/os.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPsutil } from './peer.ts';

const now = new Date('2026-03-01T12:00:00Z');
const least = {
  '/proc/sys/kernel/osrelease': '6.12.0\n',
  '/proc/uptime': '3600.00 1.00\n',
  '/proc/cpuinfo': 'Features: fp\n',
};

test('a machine that tells nothing else has a kernel, an architecture and the time since it started', () => {
  expect(osSection(fakeMachine(least), now, 'aarch64')).toEqual({
    kernel: '6.12.0',
    architecture: 'aarch64',
    uptime_seconds: 3600,
    boot_time: '2026-03-01T11:00:00.000Z',
  });
});

test('the kernel knows its start better than a subtraction', () => {
  const probe = fakeMachine({ ...least, '/proc/stat': 'cpu  1\nbtime 1767225600\n' });
  expect(osSection(probe, now, 'x86_64').boot_time).toBe('2026-01-01T00:00:00.000Z');
});

test('a machine without the name of its kernel is an error', () => {
  expect(() => osSection(fakeMachine({ '/proc/uptime': '1 1\n' }), now, 'x86_64')).toThrow('osrelease');
});

test('the zone is named by the link to the database', () => {
  const probe = fakeMachine({ ...least, '/etc/timezone': 'Etc/UTC\n' });
  symlinkSync('../usr/share/zoneinfo/America/Argentina/Buenos_Aires', `${probe.root}/etc/localtime`);
  expect(osSection(probe, now, 'x86_64').time_zone).toBe('America/Argentina/Buenos_Aires');
});

test('where the zone was copied, Debian names it in a file, and nonsense in it names none', () => {
  const copied = { ...least, '/etc/localtime': 'TZif2' };
  const zone = (text: string): string | undefined =>
    osSection(fakeMachine({ ...copied, '/etc/timezone': text }), now, 'x86_64').time_zone;
  expect(zone('Europe/Berlin\n')).toBe('Europe/Berlin');
  expect(zone('\x1b[31m\n')).toBeUndefined();
  expect(zone('\n')).toBeUndefined();
});

const synchronized = (files: Record<string, string>): boolean | undefined =>
  osSection(fakeMachine({ ...least, ...files }), now, 'x86_64').clock_synchronized;

test('the clock is synchronized, is not, or nothing here can tell', () => {
  expect(synchronized({ '/run/systemd/timesync/synchronized': '' })).toBe(true);
  expect(synchronized({ '/run/systemd/timesync/clock': '' })).toBe(false);
  expect(synchronized({ '/run/chrony/chronyd.pid': '', '/run/systemd/sessions/1': '' })).toBeUndefined();
});

test('what may not be read is an error beside the rest', () => {
  const probe = fakeMachine({ ...least, '/proc/1/comm/folder': '', '/etc/os-release/folder': '' });
  expect(osSection(probe, now, 'x86_64').kernel).toBe('6.12.0');
  expect(probe.errors.map(({ section, subject }) => [section, subject])).toEqual([
    ['os', '/etc/os-release'],
    ['os', '/proc/1/comm'],
  ]);
});

test('names with terminal escapes are printed as text', () => {
  const probe = fakeMachine({
    ...least,
    '/etc/os-release': 'PRETTY_NAME="\x1b]0;owned\x07"\n',
    '/proc/1/comm': 'in\nit\n',
    '/proc/sys/kernel/hostname': 'a\x1b[2Jb\n',
  });
  expect(osSection(probe, now, 'x86_64')).toMatchObject({
    name: String.raw`\x1b]0;owned\x07`,
    init: String.raw`in\nit`,
  });
  expect(hostName(probe)).toBe(String.raw`a\x1b[2Jb`);
});

test('this machine has the names that Node finds and the start that psutil finds', (context) => {
  const probe = createProbe();
  expect(hostName(probe)).toBe(hostname());
  const section = osSection(probe, new Date(), machine());
  expect(section.kernel).toBe(release());
  expect(
    Math.abs(Date.parse(section.boot_time) / 1000 - Number(askPsutil(context, 'psutil.boot_time()'))),
  ).toBeLessThan(2);
});

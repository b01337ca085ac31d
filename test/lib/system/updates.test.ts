import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { compareKernels, updatesSection } from '../../../src/lib/system/updates.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPeer } from './peer.ts';

const cases = join(import.meta.dirname, '../../cases/system-slow');
const countsFile = '/var/lib/update-notifier/updates-available';

test.each(readdirSync(cases))('the updates of %s are told', (name) => {
  const expected = JSON.parse(readFileSync(join(cases, name, 'expected.json'), 'utf8'));
  const probe = createProbe(join(cases, name));
  expect(updatesSection(probe)).toEqual(expected.updates);
  expect(probe.errors).toEqual([]);
  expect(probe.unavailable).toEqual(
    expected.unavailable.filter(({ section }: { section: string }) => section === 'updates'),
  );
});

test.each([
  ['12 packages can be updated.\n3 updates are security updates.\n', 12, 3],
  ['1 package can be updated.\n1 update is a security update.\n', 1, 1],
  ['25 updates can be installed immediately.\n0 of these updates are security updates.\n', 25, 0],
  ['1 update can be applied immediately.\n1 of these updates is a standard security update.\n', 1, 1],
  ['6 updates can be applied immediately.\nTo see these additional updates run: apt list\n', 6, 0],
  ['0 updates can be applied immediately.\n\n7 additional security updates can be applied with ESM Apps.\n', 0, 0],
])('the counts of update-notifier are read from %j', (text, pending, security) => {
  const section = updatesSection(fakeMachine({ '/var/lib/apt/extended_states': '', [countsFile]: text }));
  expect(section).toMatchObject({ pending, security });
});

test.each(['', '\n\n', '12 Pakete können aktualisiert werden.\n', 'can be updated\n'])(
  'counts are absent, not 0, where the text says none that we can read: %j',
  (text) => {
    const section = updatesSection(fakeMachine({ '/var/lib/apt/extended_states': '', [countsFile]: text }));
    expect(section).toEqual({ manager: 'apt', reboot_required: false });
  },
);

test('the time of the cache is that of its last refresh, or of the count when that is older', () => {
  const probe = fakeMachine({
    '/var/lib/apt/lists/lock': '',
    '/var/lib/apt/periodic/update-success-stamp': '',
    [countsFile]: '1 update can be applied immediately.\n',
  });
  const touch = (path: string, time: string) => utimesSync(probe.root + path, new Date(time), new Date(time));
  touch('/var/lib/apt/lists', '2026-01-01T00:00:00Z');
  touch('/var/lib/apt/periodic/update-success-stamp', '2026-01-03T00:00:00Z');
  touch(countsFile, '2026-01-04T00:00:00Z');
  expect(updatesSection(probe)?.cache_time).toBe('2026-01-03T00:00:00.000Z');
  touch(countsFile, '2026-01-02T00:00:00Z');
  expect(updatesSection(probe)?.cache_time).toBe('2026-01-02T00:00:00.000Z');
});

test('a kernel that is not installed here comes from outside, and says nothing about a reboot', () => {
  const files = { '/lib/apk/db/installed': '', '/boot/vmlinuz-6.9.0-generic': '' };
  const probe = fakeMachine({ ...files, '/proc/sys/kernel/osrelease': '6.8.0-generic\n' });
  expect(updatesSection(probe)).toEqual({ manager: 'apk', reboot_required: false });
});

test('without images in /boot the folders of modules are compared', () => {
  const modules = ['6.6.31-1-lts', '6.6.30-1-lts', '6.9.1-arch1-1'].map((version) => [`/lib/modules/${version}/x`, '']);
  const probe = fakeMachine({
    ...Object.fromEntries(modules),
    '/var/lib/dnf/x': '',
    '/proc/sys/kernel/osrelease': '6.6.30-1-lts\n',
  });
  expect(updatesSection(probe)).toMatchObject({ newest_kernel: '6.6.31-1-lts', reboot_required: true });
});

test('what cannot be read is an error beside the rest', () => {
  const probe = fakeMachine({
    '/var/lib/apt/extended_states': '',
    [`${countsFile}/x`]: '',
    '/run/reboot-required': '',
    '/run/reboot-required.pkgs/x': '',
  });
  expect(updatesSection(probe)).toEqual({ manager: 'apt', reboot_required: true });
  expect(probe.errors).toMatchObject([
    { section: 'updates', subject: countsFile },
    { section: 'updates', subject: '/run/reboot-required.pkgs' },
  ]);
});

test('versions of kernels are ordered as sort -V orders them', (context) => {
  const versions = ['6.1.0-9-amd64', '6.1.0-10-amd64', '6.1-1-amd64', '5.15.0-99-generic', '6.8.9-300.fc40.x86_64'];
  const others = ['6.8.10-300.fc40.x86_64', '6.8.10-300.fc9.x86_64', '6.8.10', '10.0.0'];
  const all = [...versions, ...others];
  const theirs = askPeer(context, 'sh', ['-c', 'printf "%s\\n" "$@" | sort -V', 'sh', ...all]);
  expect(all.toSorted(compareKernels)).toEqual(theirs.trimEnd().split('\n'));
});

test('a release candidate comes before its release, and a version is equal to itself', () => {
  expect(compareKernels('6.9-rc7', '6.9')).toBeLessThan(0);
  expect(compareKernels('6.9.0-rc7-amd64', '6.9.0-1-amd64')).toBeLessThan(0);
  expect(compareKernels('6.9.0-1-amd64', '6.9.0-1-amd64')).toBe(0);
});

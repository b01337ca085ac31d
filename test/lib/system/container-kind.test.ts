import { expect, test } from 'vitest';
import { containerKind } from '../../../src/lib/system/container-kind.ts';
import { fakeMachine } from './fake-machine.ts';

const kernel = '6.12.0-generic';
const group = (path: string): Record<string, string> => ({ '/proc/self/cgroup': `0::${path}\n` });
const id = 'fedcba9876543210fedcba9876543210';

test.each([
  ['kubernetes', { '/var/run/secrets/kubernetes.io/serviceaccount/token': 'x', '/.dockerenv': '' }],
  [
    'kubernetes',
    { ...group(`/kubepods.slice/kubepods-burstable.slice/cri-containerd-${id}.scope`), '/.dockerenv': '' },
  ],
  ['podman', { '/run/.containerenv': 'engine="podman"\n' }],
  ['podman', group(`/machine.slice/libpod-${id}.scope`)],
  ['docker', { '/.dockerenv': '' }],
  ['docker', group(`/docker/${id}`)],
  ['docker', group(`/system.slice/docker-${id}.scope`)],
  ['lxc', group('/lxc.payload.web/init.scope')],
  ['lxc', group('/lxc/web')],
  ['lxc', { '/proc/1/environ': 'HOME=/\0container=lxc\0TERM=linux\0' }],
  ['systemd-nspawn', { '/run/systemd/container': 'systemd-nspawn\n' }],
  [undefined, { '/proc/1/environ': 'HOME=/\0not_container=lxc\0' }],
  [undefined, { '/run/systemd/container': '\x1b[31m\n' }],
  [undefined, group('/system.slice/docker.service')],
  [undefined, group('/lxc.monitor.web')],
  [undefined, group('/user.slice/user-1000.slice')],
  [undefined, {}],
])('%s is told by %j', (expected, files) => {
  expect(containerKind(fakeMachine(files), kernel)).toBe(expected);
});

test('Windows Subsystem for Linux is told by its kernel, and a container in it by itself', () => {
  expect(containerKind(fakeMachine({}), '5.15.167.4-microsoft-standard-WSL2')).toBe('wsl');
  expect(containerKind(fakeMachine({ '/.dockerenv': '' }), '5.15.167.4-microsoft-standard-WSL2')).toBe('docker');
});

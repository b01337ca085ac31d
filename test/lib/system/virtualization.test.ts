import { expect, test } from 'vitest';
import { virtualization } from '../../../src/lib/system/virtualization.ts';
import { fakeMachine } from './fake-machine.ts';

const guest = { '/proc/cpuinfo': 'flags\t\t: fpu hypervisor\n' };
const bare = { '/proc/cpuinfo': 'flags\t\t: fpu vmx\n' };
const arm = { '/proc/cpuinfo': 'Features\t: fp\n' };
const clock = (text: string): Record<string, string> => ({
  '/sys/devices/system/clocksource/clocksource0/available_clocksource': `${text} \n`,
});
const dmi = (product: string, vendor: string): Record<string, string> => ({
  '/sys/class/dmi/id/product_name': `${product}\n`,
  '/sys/class/dmi/id/sys_vendor': `${vendor}\n`,
});

test.each([
  ['amazon', { ...guest, ...dmi('m7i.large', 'Amazon EC2') }],
  ['vmware', { ...guest, ...dmi('VMware7,1', 'VMware, Inc.') }],
  ['virtualbox', { ...guest, ...dmi('VirtualBox', 'innotek GmbH') }],
  ['hyper-v', { ...guest, ...dmi('Virtual Machine', 'Microsoft Corporation') }],
  ['google', { ...guest, ...dmi('Google Compute Engine', 'Google') }],
  ['kvm', { ...guest, ...dmi('Standard PC (Q35 + ICH9, 2009)', 'QEMU'), ...clock('kvm-clock tsc') }],
  ['qemu', { ...guest, ...dmi('Standard PC (Q35 + ICH9, 2009)', 'QEMU'), ...clock('tsc') }],
  ['kvm', { ...guest, ...clock('tsc kvm-clock') }],
  ['hyper-v', { ...guest, ...clock('hyperv_clocksource_tsc_page') }],
  ['xen', { ...guest, '/sys/hypervisor/type': 'xen\n' }],
  ['xen', { ...bare, '/sys/hypervisor/type': 'xen\n' }],
  ['none', { ...bare, ...dmi('m5.metal', 'Amazon EC2') }],
  ['none', { ...bare }],
  ['none', { ...arm, ...dmi('c7g.metal', 'Amazon EC2') }],
  ['none', { ...arm, ...dmi('Mt. Jade', 'Ampere') }],
  ['amazon', { ...arm, ...dmi('c7g.large', 'Amazon EC2') }],
  [undefined, { ...arm }],
  [undefined, { ...guest, ...dmi('Something', 'Nobody') }],
])('%s is told by %j', (expected, files) => {
  expect(virtualization(fakeMachine(files))).toBe(expected);
});

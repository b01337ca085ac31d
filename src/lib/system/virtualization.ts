import type { Probe } from './probe.ts';
import { readFirstProcessor } from './processor.ts';
import { readNoted } from './read-noted.ts';

/** Firmware strings of /sys/class/dmi/id and the hypervisor that writes them. */
const firmwareNames: readonly (readonly [text: string, name: string])[] = [
  ['KVM', 'kvm'],
  ['OpenStack', 'kvm'],
  ['KubeVirt', 'kvm'],
  ['Google Compute Engine', 'google'],
  ['Amazon EC2', 'amazon'],
  ['QEMU', 'qemu'],
  ['VMware', 'vmware'],
  ['VirtualBox', 'virtualbox'],
  ['innotek GmbH', 'virtualbox'],
  ['Xen', 'xen'],
  ['BHYVE', 'bhyve'],
  ['Bochs', 'bochs'],
  ['Parallels', 'parallels'],
  ['Apple Virtualization', 'apple'],
  ['Virtual Machine', 'hyper-v'],
];

/**
 * The hypervisor below this machine, `none` when there is none, undefined when it cannot be told.
 * x86 sets a processor flag in every virtual machine, so there a cloud's name in the firmware of a bare-metal
 * instance does not mislead; elsewhere only the firmware can tell.
 */
export function virtualization(probe: Probe): string | undefined {
  const { flags } = readFirstProcessor(probe, 'os');
  if (flags !== undefined && !flags.includes('hypervisor')) {
    // The control domain of Xen has no such flag and runs on the hypervisor all the same.
    return fileText(probe, '/sys/hypervisor/type') ?? 'none';
  }
  const firmware = ['product_name', 'sys_vendor', 'board_vendor', 'bios_vendor'].map((file) =>
    fileText(probe, `/sys/class/dmi/id/${file}`),
  );
  const named = flags === undefined && firmware[0]?.endsWith('.metal') === true ? 'none' : nameIn(firmware);
  // The firmware of QEMU is the same with and without KVM, which only the guest's kernel has recognised.
  if (named === 'qemu') return clockOf(probe) ?? named;
  if (named !== undefined) return named;
  const guest = fileText(probe, '/sys/hypervisor/type') ?? clockOf(probe);
  if (guest !== undefined) return guest;
  return flags === undefined && firmware.some((text) => text !== undefined) ? 'none' : undefined;
}

function nameIn(firmware: readonly (string | undefined)[]): string | undefined {
  for (const text of firmware) {
    const found = firmwareNames.find(([part]) => text?.includes(part));
    if (found !== undefined) return found[1];
  }
  return undefined;
}

/** The kernel offers the clock of a hypervisor only where it has recognised that hypervisor; small ones have no firmware tables. */
function clockOf(probe: Probe): string | undefined {
  const clocks = fileText(probe, '/sys/devices/system/clocksource/clocksource0/available_clocksource');
  if (clocks?.includes('kvm-clock') === true) return 'kvm';
  if (clocks?.includes('hyperv') === true) return 'hyper-v';
  return clocks?.includes('xen') === true ? 'xen' : undefined;
}

/** One line of text, or undefined when it is missing or empty. */
function fileText(probe: Probe, path: string): string | undefined {
  const text = readNoted(probe, 'os', path)?.trim();
  return text === '' ? undefined : text;
}

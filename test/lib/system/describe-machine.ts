import { cgroupSection } from '../../../src/lib/system/cgroup.ts';
import { cpuSection, readCpuCounters } from '../../../src/lib/system/cpu.ts';
import { effectiveCores, readAffinity } from '../../../src/lib/system/effective-cores.ts';
import { ioSection, readIoCounters } from '../../../src/lib/system/io.ts';
import { memorySection } from '../../../src/lib/system/memory.ts';
import { networkSection, readNetworkCounters } from '../../../src/lib/system/network.ts';
import { hostName, osSection } from '../../../src/lib/system/os.ts';
import { createProbe, noteError } from '../../../src/lib/system/probe.ts';
import { readProcessCounters } from '../../../src/lib/system/process-counters.ts';
import { processesSection } from '../../../src/lib/system/processes.ts';
import type { SectionName } from '../../../src/lib/system/report.ts';
import { readUserNames } from '../../../src/lib/system/user-names.ts';

/** Every section that costs no waiting, once, of the machine whose files stand below `root`; without a sample. */
export function describeMachine(root: string): Record<string, unknown> {
  const probe = createProbe(root);
  const collect = <Section>(name: SectionName, section: () => Section): Section | undefined => {
    try {
      return section();
    } catch (error) {
      noteError(probe, name, error);
      return undefined;
    }
  };
  const cgroup = collect('cgroup', () => cgroupSection(probe));
  return {
    host: collect('os', () => hostName(probe)),
    os: collect('os', () => osSection(probe, new Date('2026-01-02T03:04:05Z'), 'x86_64')),
    cpu: collect('cpu', () => {
      const counters = readCpuCounters(probe);
      const effective = effectiveCores(counters.perCpu.length, readAffinity(probe), cgroup?.cpu?.quota_cores);
      return cpuSection(probe, counters, undefined, effective);
    }),
    memory: collect('memory', () => memorySection(probe, cgroup)),
    cgroup,
    io: collect('io', () => {
      const counters = readIoCounters(probe);
      return counters && ioSection(counters, undefined, 0);
    }),
    network: collect('network', () => {
      const counters = readNetworkCounters(probe);
      return counters && networkSection(probe, counters, undefined, 0, {});
    }),
    processes: collect('processes', () => {
      const names = readUserNames(probe, 'processes');
      const options = { topCount: 3, uid: 1000, userName: (uid: number) => names.get(uid) };
      return processesSection(probe, readProcessCounters(probe), undefined, 0, options);
    }),
    // The path of the checkout stands in the messages of Node.
    errors: probe.errors.map((error) => ({ ...error, message: error.message.replaceAll(root, '') })),
    unavailable: probe.unavailable,
  };
}

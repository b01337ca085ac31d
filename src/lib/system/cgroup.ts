import { existsSync } from 'node:fs';
import { findHierarchies } from './cgroup-hierarchy.ts';
import type { Hierarchy } from './cgroup-hierarchy.ts';
import { cpuOf, memoryOf, pidsOf } from './cgroup-limits.ts';
import { parseMountinfo } from './mountinfo.ts';
import { noteError, readOptional } from './probe.ts';
import type { Probe } from './probe.ts';
import type { CgroupSection } from './report-resources.ts';

/**
 * The control groups around this process, and the smallest limits of the group and of its ancestors.
 * Undefined, with the reason in `unavailable`, where no hierarchy can be seen.
 */
export function cgroupSection(probe: Probe): CgroupSection | undefined {
  const membership = readOptional(probe, '/proc/self/cgroup');
  const mountinfo = readOptional(probe, '/proc/self/mountinfo');
  const found =
    membership === undefined || mountinfo === undefined ? [] : findHierarchies(membership, parseMountinfo(mountinfo));
  const hierarchies = found.filter((hierarchy) => isThere(probe, hierarchy));
  if (hierarchies.length === 0) {
    const reason = membership === undefined ? 'this kernel has no control groups' : 'no control group is mounted here';
    if (found.length === 0) probe.unavailable.push({ section: 'cgroup', reason });
    return undefined;
  }
  const of = (controller: string): Hierarchy | undefined => hierarchyOf(hierarchies, controller);
  const memory = of('memory');
  const cpu = of('cpu');
  const pids = of('pids');
  const memoryLimit = memory && memoryOf(probe, memory);
  const cpuLimit = cpu && cpuOf(probe, cpu);
  const pidsLimit = pids && pidsOf(probe, pids);
  return {
    version: versionOf(hierarchies),
    path: (memory ?? cpu ?? pids ?? hierarchies[0]!).path,
    ...(memoryLimit && { memory: memoryLimit }),
    ...(cpuLimit && { cpu: cpuLimit }),
    ...(pidsLimit && { pids: pidsLimit }),
  };
}

/** A controller belongs to one hierarchy: to that of version 1 that names it, else to version 2. */
function hierarchyOf(hierarchies: readonly Hierarchy[], controller: string): Hierarchy | undefined {
  return (
    hierarchies.find((hierarchy) => hierarchy.controllers.includes(controller)) ??
    hierarchies.find((hierarchy) => hierarchy.version === 2)
  );
}

/** Version 1 without a controller (`name=systemd`) only names processes and limits nothing. */
function versionOf(hierarchies: readonly Hierarchy[]): 1 | 2 | 'hybrid' {
  const second = hierarchies.some((hierarchy) => hierarchy.version === 2);
  const first = hierarchies.some((hierarchy) => hierarchy.controllers.some((name) => !name.startsWith('name=')));
  if (first && second) return 'hybrid';
  return second ? 2 : 1;
}

/** A group without its folder would look like a group without limits, so it is an error. */
function isThere(probe: Probe, hierarchy: Hierarchy): boolean {
  const { directory } = hierarchy.groups[0]!;
  if (existsSync(probe.root + directory)) return true;
  noteError(probe, 'cgroup', new Error(`the control group ${hierarchy.path} was not found at ${directory}`), directory);
  return false;
}

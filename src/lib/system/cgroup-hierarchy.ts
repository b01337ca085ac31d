import type { Mount } from './mountinfo.ts';

/** One hierarchy of control groups (cgroups(7)) as far as this process can see it. */
export interface Hierarchy {
  version: 1 | 2;
  /** Of version 1, such as `cpu` and `cpuacct`; empty for version 2, where every file tells for itself. */
  controllers: string[];
  /** Group of this process, as /proc/self/cgroup names it. */
  path: string;
  /** The group of this process first, then its ancestors up to the highest that is mounted here; never empty. */
  groups: Group[];
}

export interface Group {
  /** Path in the hierarchy. */
  path: string;
  /** Folder with the group's files. */
  directory: string;
}

/** Finds the mounted hierarchies in the text of /proc/self/cgroup and the mounts of /proc/self/mountinfo. */
export function findHierarchies(membership: string, mounts: readonly Mount[]): Hierarchy[] {
  const visible = cgroupMounts(mounts);
  const hierarchies: Hierarchy[] = [];
  for (const line of membership.split('\n')) {
    // `4:cpu,cpuacct:/path`, and `0::/path` for version 2. The path may hold colons of its own.
    const match = /^(\d+):([^:]*):(\/.*)$/.exec(line);
    if (match === null) continue;
    const controllers = match[2] === '' ? [] : match[2]!.split(',');
    const path = match[3]!;
    const version = controllers.length === 0 ? 2 : 1;
    const own = visible.filter((mount) =>
      version === 2
        ? mount.fstype === 'cgroup2'
        : mount.fstype === 'cgroup' && mount.superOptions.includes(controllers[0]!),
    );
    const groups = locate(own, path);
    if (groups !== undefined) hierarchies.push({ version, controllers, path, groups });
  }
  return hierarchies;
}

/** Without those that a later mount on the same folder hides. */
function cgroupMounts(mounts: readonly Mount[]): Mount[] {
  const byFolder = new Map<string, Mount>();
  for (const mount of mounts) byFolder.set(mount.mount, mount);
  return [...byFolder.values()].filter((mount) => mount.fstype === 'cgroup' || mount.fstype === 'cgroup2');
}

/** Of several mounts of one hierarchy, the one that shows most ancestors. */
function locate(mounts: readonly Mount[], path: string): Group[] | undefined {
  let best: Group[] | undefined;
  for (const mount of mounts) {
    const groups = groupsBelow(mount, path);
    if (groups !== undefined && groups.length > (best?.length ?? 0)) best = groups;
  }
  if (best !== undefined) return best;
  // A mount that is older than our cgroup namespace shows an ancestor of the namespace's root, written `/../..`.
  // The way from there to our own group is hidden, but the ancestor's limits hold for us too.
  const above = mounts.find((mount) => /^(\/\.\.)+$/.test(mount.root) && mount.root.length > parentSteps(path).length);
  return above && [{ path: above.root, directory: above.mount }];
}

function groupsBelow(mount: Mount, path: string): Group[] | undefined {
  const root = mount.root === '/' ? '' : mount.root;
  if (path !== root && !path.startsWith(`${root}/`)) return undefined;
  const names = path
    .slice(root.length)
    .split('/')
    .filter((name) => name !== '');
  // Our group is outside of our own cgroup namespace, so it is not below this mount.
  if (names.includes('..')) return undefined;
  const groups: Group[] = [];
  for (let depth = names.length; depth >= 0; depth--) {
    const below = names
      .slice(0, depth)
      .map((name) => `/${name}`)
      .join('');
    groups.push({ path: root + below || '/', directory: mount.mount + below });
  }
  return groups;
}

function parentSteps(path: string): string {
  return /^(?:\/\.\.(?=\/|$))*/.exec(path)![0];
}

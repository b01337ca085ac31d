import { chooseFilesystems } from './filesystems.ts';
import type { Filesystem } from './filesystems.ts';
import { parseMountinfo } from './mountinfo.ts';
import type { Mount } from './mountinfo.ts';
import { noteError, readText } from './probe.ts';
import type { Probe } from './probe.ts';
import type { Disk } from './report-storage.ts';
import { statfsByProgram, statfsInProcess } from './statfs.ts';
import type { AskOptions, FilesystemCounts } from './statfs.ts';

export interface DisksOptions extends AskOptions {
  /** Mount paths: only these are asked, even those that would be left out otherwise. */
  only?: readonly string[];
}

/** How many `stat` run at once. */
const parallel = 8;

/**
 * Every filesystem of this machine with its space and inodes, in the order of the mount table. One that cannot be
 * asked has an `error` and no numbers; it never holds up the others for longer than `timeoutSeconds` per `stat`.
 */
export async function disksSection(probe: Probe, options: DisksOptions): Promise<Disk[]> {
  let mounts: Mount[];
  try {
    mounts = readMounts(probe);
  } catch (error) {
    noteError(probe, 'disks', error, '/proc/self/mountinfo');
    return [];
  }
  const filesystems = chooseFilesystems(mounts, options.only);
  for (const path of options.only ?? []) {
    if (!filesystems.some(({ mount }) => mount.mount === path)) {
      noteError(probe, 'disks', new Error('is not the mount point of a filesystem'), path);
    }
  }
  const disks: (Disk | undefined)[] = [];
  // All workers share the one iterator: each takes the next filesystem when it is done with its own.
  const queue = filesystems.entries();
  const work = async (): Promise<void> => {
    for (const [index, filesystem] of queue) disks[index] = await askFilesystem(probe, filesystem, options);
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return disks.filter((disk) => disk !== undefined);
}

function readMounts(probe: Probe): Mount[] {
  return parseMountinfo(readText(probe, '/proc/self/mountinfo'));
}

/** Undefined for what is no disk after all: no blocks, as df leaves it out too, or gone in the meantime. */
async function askFilesystem(probe: Probe, filesystem: Filesystem, options: DisksOptions): Promise<Disk | undefined> {
  const { mount, alsoMounted } = filesystem;
  const disk: Disk = {
    mount: mount.mount,
    source: mount.source,
    fstype: mount.fstype,
    read_only: mount.options.includes('ro') || mount.superOptions.includes('ro'),
  };
  if (alsoMounted.length > 0) disk.also_mounted = alsoMounted;
  try {
    const counts = await countsOf(probe.root + mount.mount, filesystem, options);
    if (counts.blocks === 0 && options.only === undefined) return undefined;
    return { ...disk, ...spaceOf(counts) };
  } catch (error) {
    if (options.only === undefined && isNotFound(error) && !isStillMounted(probe, mount)) return undefined;
    noteError(probe, 'disks', error, mount.mount);
    const { code, message } = probe.errors.at(-1)!;
    return { ...disk, error: { code, message } };
  }
}

async function countsOf(path: string, { local, mount }: Filesystem, options: AskOptions): Promise<FilesystemCounts> {
  const counts = local ? statfsInProcess(path, mount.fstype !== 'overlay') : undefined;
  return counts ?? (await statfsByProgram(path, options));
}

function isStillMounted(probe: Probe, mount: Mount): boolean {
  return readMounts(probe).some(({ id }) => id === mount.id);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The numbers as df shows them. Exported for tests. Throws when they cannot be true. */
export function spaceOf(counts: FilesystemCounts): Partial<Disk> {
  const { unit, blocks, free, inodes, inodesFree } = counts;
  if (!isCount(blocks) || !isCount(free) || free > blocks) {
    throw new SyntaxError(`impossible numbers: ${free} of ${blocks} blocks are free`);
  }
  // Below zero, which an unsigned field shows as nearly 2^64: what is reserved for root is in use already.
  const available = isCount(counts.available) ? counts.available : 0;
  const used = blocks - free;
  const space: Partial<Disk> = {
    size_bytes: blocks * unit,
    free_bytes: free * unit,
    available_bytes: available * unit,
    used_bytes: used * unit,
  };
  if (used + available > 0) space.used_pct = (used / (used + available)) * 100;
  if (isCount(inodes) && inodes > 0 && isCount(inodesFree) && inodesFree <= inodes) {
    space.inodes = inodes;
    space.inodes_free = inodesFree;
    space.inodes_used_pct = ((inodes - inodesFree) / inodes) * 100;
  }
  return space;
}

function isCount(value: number): boolean {
  return value >= 0 && value < 2 ** 63;
}

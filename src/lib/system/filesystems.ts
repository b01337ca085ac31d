import type { Mount } from './mountinfo.ts';

/** One filesystem that is worth a line, and where it is mounted. */
export interface Filesystem {
  mount: Mount;
  /** Other paths at which it can be seen. */
  alsoMounted: string[];
  /**
   * True when statfs(2) on it answers from the kernel's memory, and so does the walk to it. Only then may this process
   * ask: a process that waits for a dead server can neither go on nor exit, not even by SIGKILL.
   */
  local: boolean;
}

/**
 * Types whose statfs answers without a server. None of them sets f_frsize, and for those the kernel sets it to f_bsize
 * (fs/statfs.c; ZFS reports both alike by itself), so that Node 22, which does not know f_frsize, is right about them.
 */
const localTypes = new Set(
  (
    'ext2 ext3 ext4 xfs btrfs bcachefs zfs f2fs jfs reiserfs tmpfs devtmpfs ' + 'vfat exfat ntfs3 iso9660 udf hfsplus'
  ).split(' '),
);

/** Types that hold no data of anybody, or only an image that is always full. They are never asked. */
const pseudoTypes = new Set(
  (
    'proc sysfs cgroup cgroup2 devpts mqueue debugfs tracefs securityfs pstore bpf configfs fusectl hugetlbfs nsfs ' +
    'binfmt_misc rpc_pipefs nfsd selinuxfs smackfs efivarfs ramfs rootfs functionfs resctrl xenfs spufs ocfs2_dlmfs ' +
    'squashfs erofs cramfs romfs fuse.squashfuse fuse.snapfuse ' +
    'fuse.lxcfs fuse.portal fuse.gvfsd-fuse fuse.vmware-vmblock'
  ).split(' '),
);

/** Types of which a container engine mounts some for every container: the layers, and small ones for secrets and shm. */
const containerTypes = new Set(['overlay', 'tmpfs', 'fuse.fuse-overlayfs']);

const containerFolders = new RegExp(
  '^/(?:var/lib/(?:docker|containers|containerd|rancher|kubelet/pods)|run/(?:docker|containers|containerd|crio|k3s))/' +
    '|^/run/user/[0-9]+/containers/|/containers/storage/overlay(?:-containers)?/',
);

/**
 * The filesystems of a mount table that are worth a line, each once: bind mounts and subvolumes are folded into the
 * shortest path. With `only`, exactly the mounts with these paths, whatever they are; autofs never, because to ask it
 * is to mount it.
 */
export function chooseFilesystems(mounts: readonly Mount[], only?: readonly string[]): Filesystem[] {
  const visible = visibleMounts(mounts).filter((mount) => mount.fstype !== 'autofs');
  const sharing = Map.groupBy(visible.filter(isWorthALine), (mount) => mount.device);
  const chosen =
    only === undefined
      ? [...sharing.values()].map(shortestPath)
      : visible.filter((mount) => only.includes(mount.mount));
  // The walk starts at `/`, through which this program was loaded, so that one answers whatever its type is.
  const slow = mounts.filter((mount) => mount.mount !== '/' && !answersAtOnce(mount));
  return chosen.map((mount) => ({
    mount,
    alsoMounted: (sharing.get(mount.device) ?? []).filter((other) => other !== mount).map((other) => other.mount),
    local: isLocal(mount) && !slow.some((other) => isBelow(mount.mount, other.mount)),
  }));
}

/** Leaves out what cannot be reached by its path, because something else was mounted over it. */
function visibleMounts(mounts: readonly Mount[]): Mount[] {
  const byId = new Map(mounts.map((mount) => [mount.id, mount]));
  const childrenOf = Map.groupBy(mounts, (mount) => mount.parent);
  const children = (id: number): readonly Mount[] => childrenOf.get(id) ?? [];
  const isCovered = (mount: Mount): boolean => children(mount.id).some((other) => other.mount === mount.mount);

  function isVisible(mount: Mount): boolean {
    if (isCovered(mount)) return false;
    const passed = new Set<Mount>();
    for (let at = mount; !passed.has(at);) {
      // Its neighbour was mounted later, over a folder in which this one stands.
      if (children(at.parent).some((other) => isBelow(at.mount, other.mount))) return false;
      const parent = byId.get(at.parent);
      if (parent === undefined) return true;
      // A mount on top of its parent's own path covers the parent, and itself stays in sight.
      if (parent.mount !== at.mount && isCovered(parent)) return false;
      passed.add(at);
      at = parent;
    }
    // A circle of parents: the table contradicts itself, so nothing is left out for it.
    return true;
  }
  return mounts.filter(isVisible);
}

function isWorthALine(mount: Mount): boolean {
  // A tmpfs inside these is a lid that a container engine put over something.
  if (pseudoTypes.has(mount.fstype) || isBelow(mount.mount, '/proc') || isBelow(mount.mount, '/sys')) return false;
  return !(containerTypes.has(mount.fstype) && containerFolders.test(mount.mount));
}

function shortestPath(mounts: readonly Mount[]): Mount {
  return mounts.reduce((best, mount) => (mount.mount.length < best.mount.length ? mount : best));
}

/**
 * overlay passes statfs on to the layer below it, which may be anything. The one at `/` is the exception: this program
 * was loaded through it, so it answers.
 */
function isLocal(mount: Mount): boolean {
  return localTypes.has(mount.fstype) || (mount.fstype === 'overlay' && mount.mount === '/');
}

/** Whether a path can be walked through this mount without waiting for somebody else. */
function answersAtOnce(mount: Mount): boolean {
  const kernelOnly = pseudoTypes.has(mount.fstype) && !mount.fstype.startsWith('fuse.');
  return isLocal(mount) || kernelOnly;
}

function isBelow(path: string, folder: string): boolean {
  return path.length > folder.length && path.startsWith(folder === '/' ? folder : `${folder}/`);
}

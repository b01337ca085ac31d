import type { Mount } from './mountinfo.ts';

/** One filesystem that is worth a line, and where it is mounted. */
export interface Filesystem {
  mount: Mount;
  /** Other paths at which it can be seen. */
  alsoMounted: string[];
  /**
   * True when statfs(2) on it, and the walk to it, wait for nobody but the kernel and its disks. Only then may this
   * process ask: one that waits for a dead server can neither go on nor exit, not even by SIGKILL.
   */
  local: boolean;
}

/**
 * Types whose statfs needs no server. They count in f_bsize, which Node 22 knows, too: they leave f_frsize to the
 * kernel, which makes both alike (fs/statfs.c), or report them alike themselves, as ZFS does.
 */
const localTypes = new Set(
  (
    'ext2 ext3 ext4 xfs btrfs bcachefs zfs f2fs jfs reiserfs tmpfs devtmpfs rootfs vfat exfat ntfs3 ' +
    'iso9660 udf hfsplus'
  ).split(' '),
);

/** Types that hold no data of anybody, or only an image that is always full. They are never asked. */
const pseudoTypes = new Set(
  (
    'proc sysfs cgroup cgroup2 devpts mqueue debugfs tracefs securityfs pstore bpf configfs fusectl hugetlbfs nsfs ' +
    'binfmt_misc rpc_pipefs nfsd selinuxfs smackfs efivarfs ramfs functionfs resctrl xenfs spufs ocfs2_dlmfs ' +
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
  const slow = new Set(mounts.filter((mount) => !answersAtOnce(mount)).map((mount) => mount.mount));
  slow.delete('/');
  return chosen.map((mount) => ({
    mount,
    alsoMounted: (sharing.get(mount.device) ?? []).filter((other) => other !== mount).map((other) => other.mount),
    local: isLocal(mount) && !foldersAbove(mount.mount).some((folder) => slow.has(folder)),
  }));
}

/** Leaves out what cannot be reached by its path, because something else was mounted over it. */
function visibleMounts(mounts: readonly Mount[]): Mount[] {
  const byId = new Map(mounts.map((mount) => [mount.id, mount]));
  // The first mount of all may name itself as its parent, and covers nothing by that.
  const places = new Set(
    mounts.filter(({ id, parent }) => id !== parent).map(({ parent, mount }) => `${parent} ${mount}`),
  );
  const isCovered = (mount: Mount): boolean => places.has(`${mount.id} ${mount.mount}`);

  function isVisible(mount: Mount): boolean {
    if (isCovered(mount)) return false;
    const passed = new Set<Mount>();
    for (let at = mount; !passed.has(at);) {
      // Its neighbour was mounted later, over a folder in which this one stands.
      const { parent: parentId } = at;
      if (foldersAbove(at.mount).some((folder) => places.has(`${parentId} ${folder}`))) return false;
      const parent = byId.get(parentId);
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
  if (pseudoTypes.has(mount.fstype) || /^\/(?:proc|sys)\//.test(mount.mount)) return false;
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

/** `/a/b/c` stands in `/a/b`, `/a` and `/`. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) folders.push(path.slice(0, end));
  return path === '/' ? folders : [...folders, '/'];
}

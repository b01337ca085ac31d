/** One line of `/proc/self/mountinfo`, in the order of the file (proc_pid_mountinfo(5)); every octal escape is decoded. */
export interface Mount {
  id: number;
  /** Id of the mount on which this one stands. */
  parent: number;
  /** `major:minor` of the filesystem. */
  device: string;
  /** The folder of the filesystem that is visible here: not `/` for a bind mount or inside a cgroup namespace. */
  root: string;
  /** Where it is mounted. A path may occur twice: the later line hides the earlier one. */
  mount: string;
  /** Options of this mount, such as `ro`. */
  options: string[];
  /** Such as `ext4` or `fuse.sshfs`. */
  fstype: string;
  /** May be empty: mount(2) allows a filesystem without a source. */
  source: string;
  /** Options of the filesystem, shared by all its mounts. */
  superOptions: string[];
}

/** Lines that are not whole are left out: without a mount point and a type there is nothing to say about them. */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const mount = parseLine(line);
    if (mount !== undefined) mounts.push(mount);
  }
  return mounts;
}

function parseLine(line: string): Mount | undefined {
  // Split at every single space: an empty source leaves two spaces side by side.
  const fields = line.split(' ');
  // The number of fields before the lone hyphen varies with the propagation (`shared:1 master:2`).
  const hyphen = fields.indexOf('-', 6);
  const [id, parent, device, root, mount, options] = fields;
  const fstype = fields[hyphen + 1];
  const source = fields[hyphen + 2];
  if (hyphen === -1 || fstype === undefined || source === undefined) return undefined;
  return {
    id: Number(id),
    parent: Number(parent),
    device: device!,
    root: decodeOctal(root!),
    mount: decodeOctal(mount!),
    options: options!.split(','),
    fstype: decodeOctal(fstype),
    source: decodeOctal(source),
    // Some drivers (9p of WSL) write a path with its spaces as they are, so all the rest belongs to the last field.
    superOptions: decodeOctal(fields.slice(hyphen + 3).join(' ')).split(','),
  };
}

/** The kernel writes space, tab, newline, backslash and `#` as a backslash and three octal digits. */
function decodeOctal(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

import { fstatSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';

/**
 * Whether somebody reads the pipe behind an open descriptor, as far as /proc shows the processes of others to us; true
 * for everything that is no pipe. Nothing but a write would tell for sure, and that is seen. Takes some 20 ms.
 */
export function hasReader(descriptor: number): boolean {
  const stats = fstatSync(descriptor);
  if (!stats.isFIFO()) return true;
  const processes = entriesOf('/proc').filter((name) => /^\d+$/.test(name));
  // A pipe without a name has this one; a FIFO has that of its file.
  const links = new Set([`pipe:[${stats.ino}]`, readlinkSync(`/proc/self/fd/${descriptor}`)]);
  return processes.some((id) => reads(`/proc/${id}/fd`, links));
}

function reads(folder: string, links: ReadonlySet<string>): boolean {
  return entriesOf(folder).some((name) => {
    try {
      const path = `${folder}/${name}`;
      // The link can be read by its owner where the descriptor can be (proc_pid_fd(5)).
      return links.has(readlinkSync(path)) && (lstatSync(path).mode & 0o400) !== 0;
    } catch {
      return false;
    }
  });
}

/** Of others, and of those that end meanwhile, there are none. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

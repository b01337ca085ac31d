import type { BigIntStats } from 'node:fs';

/** What the filesystem says of a file, as decimal text because JSON has no 64-bit numbers. */
export interface FileIdentity {
  device: string;
  inode: string;
  /** Nanoseconds since 1970; `0` where the filesystem does not know it. */
  birthtime: string;
  /** Bytes as stored, compressed or not. */
  size: number;
  /** Nanoseconds since 1970. */
  modified: string;
}

export function identityOf(stats: BigIntStats): FileIdentity {
  return {
    device: String(stats.dev),
    inode: String(stats.ino),
    birthtime: String(stats.birthtimeNs),
    size: Number(stats.size),
    modified: String(stats.mtimeNs),
  };
}

/**
 * Whether both are the same inode in the same life. The time of birth tells a reused inode; where it is known the
 * device is not asked, because device numbers change at a reboot.
 */
export function isSameFile(one: FileIdentity, other: FileIdentity): boolean {
  if (one.inode !== other.inode) return false;
  if (one.birthtime === '0' || other.birthtime === '0') return one.device === other.device;
  return one.birthtime === other.birthtime;
}

/** Whether it is the same file and nothing was written since, as far as the filesystem can tell. */
export function isUntouched(one: FileIdentity, other: FileIdentity): boolean {
  return isSameFile(one, other) && one.size === other.size && one.modified === other.modified;
}

import type { Stats } from 'node:fs';

/** What a character device is, as far as it matters to somebody who wants to read it to its end. */
export type DeviceKind = 'terminal' | 'null' | 'endless';

/**
 * By its numbers (Linux, Documentation/admin-guide/devices.txt), for opening one to ask may reset a line, rewind a tape
 * or start a watchdog: consoles and serial lines, /dev/tty and /dev/console, the slaves of pseudo terminals; /dev/null.
 */
export function deviceKind({ rdev }: Pick<Stats, 'rdev'>): DeviceKind {
  // 12 bits of the major number stand above 8 of the minor one; what is beyond 32 bits is of neither.
  const major = Math.floor(rdev / 0x100) & 0xfff;
  const minor = rdev & 0xff;
  if (major === 1 && minor === 3) return 'null';
  const isConsole = major === 4 || (major === 5 && minor <= 1);
  return isConsole || (major >= 136 && major <= 143) ? 'terminal' : 'endless';
}

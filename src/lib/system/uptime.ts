import { readText } from './probe.ts';
import type { Probe } from './probe.ts';

/** Seconds since boot, the time asleep included (proc_uptime(5)). Throws when the kernel does not tell. */
export function readUptime(probe: Probe): number {
  const seconds = Number.parseFloat(readText(probe, '/proc/uptime'));
  if (!Number.isFinite(seconds)) throw new SyntaxError('/proc/uptime does not begin with a number');
  return seconds;
}

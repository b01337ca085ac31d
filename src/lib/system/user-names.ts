import { printable } from '../text/printable.ts';
import type { Probe } from './probe.ts';
import { readNoted } from './read-noted.ts';
import type { SectionName } from './report.ts';

/**
 * Names of the users in /etc/passwd by uid; empty where there is none, as in a container from scratch. Users of a
 * directory service are not in it: asking for them is a network call. What cannot be read is noted for the section.
 */
export function readUserNames(probe: Probe, section: SectionName): Map<number, string> {
  return parsePasswd(readNoted(probe, section, '/etc/passwd') ?? '');
}

/** passwd(5). Of two names for one uid the first counts, as it does for getpwuid(3). */
export function parsePasswd(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , uid] = line.split(':', 3);
    // Entries of NIS begin with + or -; they name no user of this machine.
    if (uid === undefined || !/^\d+$/.test(uid) || name === '' || /^[+-]/.test(name!)) continue;
    if (!names.has(Number(uid))) names.set(Number(uid), printable(name!));
  }
  return names;
}

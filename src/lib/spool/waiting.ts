import { join } from 'node:path';
import { readHead } from './entry-file.ts';
import { listEntries } from './list-entries.ts';
import { deadFolder, waitingFolder } from './spool-folder.ts';

/** What is in the spool. */
export interface Waiting {
  count: number;
  /** Of the one that waits longest; absent when none does. */
  oldestSeconds?: number;
  /** Can never be delivered, and are kept in `dead`. */
  dead: number;
  /** Name of a notifier or `mailto:` address, and how many wait for it; '' for mails of the default server. */
  byNotifier: Record<string, number>;
  /** Of `count`, files that cannot be read or that a newer devops wrote. */
  unreadable: number;
}

/** How many wait, in one system call when there is no spool, and three more when there is one. */
export function countWaiting(folder: string): number {
  return listEntries(waitingFolder(folder)).names.length;
}

/** Ids of all that wait. */
export function waitingIds(folder: string): string[] {
  return listEntries(waitingFolder(folder)).names.map((name) => name.replace(/\.json$/, ''));
}

/** Looks at each one, without locks: what is delivered meanwhile may be counted or not. `now`: Unix time in seconds. */
export function waiting(folder: string, now: number): Waiting {
  const found: Waiting = { count: 0, dead: 0, byNotifier: {}, unreadable: 0 };
  const { names, foreign } = listEntries(waitingFolder(folder));
  found.unreadable = foreign.length;
  found.count = foreign.length;
  let oldest = Infinity;
  const counts = new Map<string, number>();
  for (const name of names) {
    const head = readHead(join(waitingFolder(folder), name));
    if (head === undefined) continue;
    found.count++;
    if ('problem' in head) {
      found.unreadable++;
      continue;
    }
    oldest = Math.min(oldest, head.createdAt);
    counts.set(head.to, (counts.get(head.to) ?? 0) + 1);
  }
  // Not by assignment: a notifier may be called __proto__.
  found.byNotifier = Object.fromEntries(counts);
  found.dead = listEntries(deadFolder(folder)).names.length;
  return oldest === Infinity ? found : { ...found, oldestSeconds: Math.max(0, now - oldest) };
}

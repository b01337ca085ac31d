import type { Dir, Dirent } from 'node:fs';
import { extname, join } from 'node:path';
import { isCertificateName } from './certificate-names.ts';
import { NoAnswer, withDeadline } from './deadline.ts';
import type { Deadline, DeadlineOptions } from './deadline.ts';
import { problemOf, statPath } from './store-file.ts';
import type { StoreProblem } from './stored-certificates.ts';

/** Something in a folder that may be a file of certificates, or a part of the folder that cannot be looked at. */
export interface FoundPath {
  path: string;
  /** `name`: it is called like one. `content`: it has no ending, so only its first bytes tell. */
  by: 'name' | 'content';
  problem?: StoreProblem;
}

/** A link to a folder high up would have us read the whole machine. */
const mostEntries = 100_000;
const deepest = 32;

interface Walk {
  options: DeadlineOptions;
  found: FoundPath[];
  /** Folders that were entered, by device and number: a link leads back to one sooner or later. */
  entered: Set<string>;
  entries: number;
  isOver: boolean;
}

/**
 * What may be certificates in a folder and below it, sorted by path. Links are followed, each real folder is entered
 * once. Where a mount does not answer, or there is too much, the list ends with a problem of the folder that was read.
 */
export async function findCertificateFiles(folder: string, options: DeadlineOptions): Promise<FoundPath[]> {
  const walk: Walk = { options, found: [], entered: new Set(), entries: 0, isOver: false };
  await enterFolder(walk, folder, 0);
  return walk.found.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

async function enterFolder(walk: Walk, folder: string, depth: number): Promise<void> {
  const folders: string[] = [];
  try {
    await withDeadline(walk.options, (deadline) => listFolder(walk, folder, folders, deadline));
  } catch (error) {
    walk.isOver ||= error instanceof NoAnswer;
    walk.found.push({ path: folder, by: 'name', problem: problemOf(error) });
  }
  for (const path of folders.toSorted()) {
    if (walk.isOver) return;
    if (depth < deepest) await enterFolder(walk, path, depth + 1);
    else walk.found.push({ path, by: 'name', problem: { code: 'unreadable', message: 'is too deep in the folder' } });
  }
}

/** Notes the files of one folder, and adds those that are folders themselves. */
async function listFolder(walk: Walk, folder: string, folders: string[], deadline: Deadline): Promise<void> {
  const { dev, ino } = await statPath(folder, deadline);
  const identity = `${dev}:${ino}`;
  if (walk.entered.has(identity)) return;
  walk.entered.add(identity);
  for await (const entry of entriesOf(walk, folder, deadline)) {
    const path = join(folder, entry.name);
    if (await isFolder(path, entry, deadline)) folders.push(path);
    else noteFile(walk, path, entry.name);
  }
}

async function* entriesOf(walk: Walk, folder: string, deadline: Deadline): AsyncGenerator<Dirent> {
  const { opendir } = await import('node:fs/promises');
  const opening = opendir(folder, { bufferSize: 512 });
  let directory: Dir;
  try {
    directory = await deadline.wait(opening);
  } catch (error) {
    opening.then(close, () => undefined);
    throw error;
  }
  try {
    for (;;) {
      const entry = await deadline.wait(directory.read());
      if (entry === null) return;
      // Kubernetes swaps whole folders under such names, and what is in them is seen through links beside them.
      if (entry.name.startsWith('..')) continue;
      if (++walk.entries > mostEntries) {
        walk.isOver = true;
        const message = `is too large to look at: only the first ${mostEntries} names were`;
        walk.found.push({ path: folder, by: 'name', problem: { code: 'unreadable', message } });
        return;
      }
      yield entry;
    }
  } finally {
    close(directory);
  }
}

function close(directory: Dir): void {
  directory.close().catch(() => undefined);
}

/** Where a link leads decides; one that leads nowhere is a file that will be missing. */
async function isFolder(path: string, entry: Dirent, deadline: Deadline): Promise<boolean> {
  if (entry.isDirectory()) return true;
  if (!entry.isSymbolicLink()) return false;
  try {
    return (await statPath(path, deadline)).isDirectory();
  } catch (error) {
    problemOf(error);
    if (error instanceof NoAnswer) throw error;
    return false;
  }
}

function noteFile(walk: Walk, path: string, name: string): void {
  if (isCertificateName(name)) walk.found.push({ path, by: 'name' });
  else if (extname(name) === '') walk.found.push({ path, by: 'content' });
}

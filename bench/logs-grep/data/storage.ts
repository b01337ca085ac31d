import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where the logs lie. */
export interface Storage {
  /** In memory when there is room, so that no disk is in the figures. */
  fast: string;
  /** On a disk, for the runs with a cold page cache; undefined when there is none. */
  disk: string | undefined;
  /** What measured commands print to, in memory where possible: never /dev/null, grep and ripgrep stop early on it. */
  output: string;
  /** What stands above about them in the report. */
  facts: string[];
  remove(): void;
}

export interface StorageOptions {
  /** The folder for all data; left out, /dev/shm for most and the temp folder for the rest. */
  data: string | undefined;
  /** Whether the logs stay, to be found by the next run that keeps them. */
  keep: boolean;
  /** Of all logs but the large one. */
  bytes: number;
  /** Of the large one, which is on a disk where there is one. */
  largeBytes: number;
  /** Logs of another size have another folder. */
  size: string;
}

const memory = '/dev/shm';
const tmpfsMagic = 0x01021994;

/** Seen on Linux 6.18: half as much CPU again for ripgrep, which maps files, and a quarter for grep, which reads them. */
const memoryFact =
  'logs in memory cost a program that maps files, as ripgrep does, more than the page cache of a disk: --data names a folder';

/** Makes the folders. Throws when there is no room for the logs and a reserve. */
export function openStorage({ data, keep, bytes, largeBytes, size }: StorageOptions): Storage {
  const parent = data === undefined ? folderFor(bytes) : resolve(data);
  const diskParent = [parent, tmpdir()].find((folder) => !isInMemory(folder));
  const together = diskParent === undefined || diskParent === parent;
  const name = `devops-bench-logs-grep-${size}-`;
  const made: string[] = [];
  const open = (folder: string, needed: number): string => {
    const kept = join(folder, `${name}${recipeHash()}`);
    if (keep && existsSync(kept)) return kept;
    needSpace(folder, needed);
    if (!keep) return remember(made, mkdtempSync(join(folder, name)));
    mkdirSync(kept);
    return kept;
  };
  const fast = open(parent, together ? bytes + largeBytes : bytes);
  const disk = together ? diskParent && fast : open(diskParent, largeBytes);
  const outputParent = isInMemory(memory) ? memory : parent;
  const large = together ? '' : `, the large one below ${diskParent}`;
  return {
    fast,
    disk,
    output: remember(made, mkdtempSync(join(outputParent, 'devops-bench-output-'))),
    facts: [
      `logs below ${parent}${large}; standard output of every command is a file below ${outputParent}`,
      ...(isInMemory(parent) ? [memoryFact] : []),
    ],
    remove: () => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })),
  };
}

function folderFor(bytes: number): string {
  // Programs want memory too, and the large log is to stay in the page cache.
  return isInMemory(memory) && hasSpace(memory, bytes) && availableMemory() > bytes * 3 ? memory : tmpdir();
}

function needSpace(folder: string, bytes: number): void {
  if (hasSpace(folder, bytes)) return;
  const needed = `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw new Error(`${folder} has no room for ${needed} of logs: name another folder by --data`);
}

function hasSpace(folder: string, bytes: number): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > bytes * 1.1;
}

function isInMemory(folder: string): boolean {
  return existsSync(folder) && statfsSync(folder).type === tmpfsMagic;
}

function availableMemory(): number {
  const kibibytes = existsSync('/proc/meminfo') ? /^MemAvailable:\s+(\d+) kB$/m : undefined;
  const found = kibibytes?.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return found === undefined ? freemem() : Number(found) * 1024;
}

/** Kept logs are those of this very recipe: it changes with every file that they are made by. */
function recipeHash(): string {
  const hash = createHash('md5');
  for (const name of readdirSync(import.meta.dirname).toSorted())
    hash.update(readFileSync(join(import.meta.dirname, name)));
  return hash.digest('hex').slice(0, 8);
}

function remember(made: string[], folder: string): string {
  made.push(folder);
  return folder;
}

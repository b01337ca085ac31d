import { createReadStream, readFile, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { UserError } from '../../errors/user-error.ts';
import { readBounded } from '../../files/read-bounded.ts';
import { systemFailure } from '../../files/system-failure.ts';
import type { Protocol } from '../protocol.ts';
import type { StoredCertificates } from '../store/stored-certificates.ts';
import { comparable, inventoryOf, inventoryTargets, type InventoryEntry, withSettings } from './inventory.ts';
import { parseTarget, type TargetOptions } from './parse-target.ts';
import { readTargetList } from './read-target-list.ts';
import type { EndpointTarget, Target, TargetSettings } from './target.ts';

export interface WantedTargets {
  /** Arguments of the command line. */
  words: readonly string[];
  /** Files with lists; `-` is standard input. */
  lists: readonly string[];
  /** What devops.yaml names: all of it when nothing else is named, else only its settings. */
  inventory: readonly (string | InventoryEntry)[];
  starttls: Protocol | undefined;
  /** Settings of the command line, for all endpoints. */
  settings: Pick<TargetSettings, 'servername' | 'address'>;
  passwords: readonly string[];
  stdin(): Readable;
  signal: AbortSignal;
}

export interface GatheredTargets {
  targets: Target[];
  /** Certificates that came through a list. */
  stored: StoredCertificates[];
}

/** The Secrets of a large cluster; a list of targets is never that large. */
const mostListBytes = 256 * 1024 * 1024;

/** Everything that is to be looked at, each once. Throws UserError when there is nothing, or a word is no target. */
export async function gatherTargets(wanted: WantedTargets): Promise<GatheredTargets> {
  const { words, lists, starttls, passwords } = wanted;
  const options: TargetOptions = { isFile, ...(starttls === undefined ? {} : { starttls }) };
  const inventory = inventoryTargets(wanted.inventory, isFile);
  const stored: StoredCertificates[] = [];
  let targets: Target[] = words.map((word) => parseTarget(word, options));
  // Standard input has an end, and whoever names a list twice means it once.
  for (const list of new Set(lists)) {
    const source = list === '-' ? 'standard input' : list;
    const read = await readTargetList(await contentOf(list, wanted), source, {
      ...options,
      passwords,
      signal: wanted.signal,
    });
    if (read.kind === 'stored') for (const each of read.stored) stored.push(each);
    else for (const target of read.targets) targets.push(target);
  }
  if (words.length + lists.length === 0) targets = inventory;
  if (targets.length + stored.length === 0) throw nothingNamed();
  const known = inventoryOf(inventory);
  const once = new Map(targets.map((target) => [comparable(target), withSettings(target, known)]));
  return { targets: [...once.values()].map((target) => withOptions(target, wanted.settings)), stored };
}

/** The command line wins over the inventory. */
function withOptions(target: Target, settings: WantedTargets['settings']): Target {
  if (target.kind === 'path') return target;
  const merged: EndpointTarget = { ...target, settings: { ...target.settings, ...settings } };
  return merged;
}

function contentOf(list: string, { stdin, signal }: WantedTargets): Promise<Buffer> {
  if (list === '-') return readBounded(stdin(), mostListBytes, signal);
  if (isFolder(list)) {
    throw new UserError(`cannot read '${list}' as a list: it is a folder`, {
      code: 'usage',
      hints: [`leave -f out to look at the certificates in it: devops ssl-expiry '${list}'`],
    });
  }
  const source = `'${list}'`;
  // A stream of node:fs loads all of its promises and readline with it, 12 ms; pipes need one, ordinary files do not.
  const length = ordinaryLength(list);
  if (length === undefined || length > mostListBytes) {
    return readBounded(createReadStream(list), mostListBytes, signal, source);
  }
  return new Promise((resolve, reject) => {
    readFile(list, { signal }, (error, bytes) => {
      if (error === null) resolve(bytes);
      else reject(signal.aborted ? (signal.reason as Error) : systemFailure(`cannot read ${source}`, error));
    });
  });
}

/** Undefined for whatever is not there, or is a pipe, a device or a socket. */
function ordinaryLength(path: string): number | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true ? stats.size : undefined;
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // It is there, or in a folder that we may not look into.
    return true;
  }
}

/** False when it cannot be told: why, is said by whoever reads it. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function nothingNamed(): UserError {
  return new UserError('nothing to look at: no target was named', {
    code: 'usage',
    hints: [
      "name some, such as 'devops ssl-expiry example.com', or a file of them with -f FILE",
      'or list them in devops.yaml under ssl-expiry: targets:',
    ],
  });
}

import { findCertificateFiles } from './certificate-files.ts';
import type { FoundPath } from './certificate-files.ts';
import { NoAnswer, withDeadline } from './deadline.ts';
import type { DeadlineOptions } from './deadline.ts';
import { readStore } from './read-store.ts';
import { problemOf, readStoreFile, statPath } from './store-file.ts';
import type { StoredCertificates, StoreProblem } from './stored-certificates.ts';

export interface StorePathOptions extends DeadlineOptions {
  /** See `readStore`. */
  passwords: readonly string[];
}

/**
 * The certificates of a file, or of the files in a folder and below it, sorted by path, each real file once whatever
 * links lead to it. In a folder, files are those that are named like certificates, and those without an ending that
 * begin like PEM; what holds only keys, requests or revocation lists is passed over.
 *
 * What cannot be read is a record with a problem, and so is a folder without any certificate. Nothing waits longer than
 * `timeoutSeconds` for one file or one folder; a mount that does not answer ends the folder. Rejects with the signal's
 * reason only.
 */
export async function* readStorePath(path: string, options: StorePathOptions): AsyncGenerator<StoredCertificates> {
  let isFolder: boolean;
  try {
    const stats = await withDeadline(options, (deadline) => statPath(path, deadline));
    isFolder = stats.isDirectory();
  } catch (error) {
    yield failed(path, problemOf(error));
    return;
  }
  if (isFolder) {
    yield* readFolder(path, options);
    return;
  }
  const stored = await readFile({ path, by: 'name' }, { options, seen: new Set(), isDead: false });
  if (stored !== undefined) yield stored;
}

/** The files of one folder, as they are read one after another. */
interface Reading {
  options: StorePathOptions;
  /** Real files that were read, by device and number. */
  seen: Set<string>;
  /** Whether one did not answer. The next one would take a thread of this process with it, and then the next. */
  isDead: boolean;
}

async function* readFolder(folder: string, options: StorePathOptions): AsyncGenerator<StoredCertificates> {
  const reading: Reading = { options, seen: new Set(), isDead: false };
  let isBarren = true;
  for (const file of await findCertificateFiles(folder, options)) {
    const stored = file.problem === undefined ? await readFile(file, reading) : failed(file.path, file.problem);
    if (stored === undefined || isBesideThePoint(stored)) continue;
    isBarren = false;
    yield stored;
    if (reading.isDead) return;
  }
  if (isBarren) yield failed(folder, nothingInFolder);
}

/** Keys, requests and revocation lists lie beside certificates everywhere. */
function isBesideThePoint({ certificates, problem }: StoredCertificates): boolean {
  return problem?.code === 'no-certificate' && certificates.length === 0;
}

/** Undefined for a file that was read already, or that turns out not to be meant. */
async function readFile({ path, by }: FoundPath, reading: Reading): Promise<StoredCertificates | undefined> {
  const { passwords, signal } = reading.options;
  try {
    const bytes = await readUnseen(path, by, reading);
    return bytes && (await readStore(bytes, path, passwords, signal));
  } catch (error) {
    const problem = problemOf(error);
    if (error instanceof NoAnswer) {
      reading.isDead = true;
      return failed(path, {
        ...problem,
        hint: 'see whether the server of that mount is up; nothing after it was read',
      });
    }
    // Without an ending it need not be a certificate at all.
    return by === 'name' ? failed(path, problem) : undefined;
  }
}

function readUnseen(path: string, by: FoundPath['by'], { options, seen }: Reading): Promise<Buffer | undefined> {
  return withDeadline(options, async (deadline) => {
    const stats = await statPath(path, deadline);
    const identity = `${stats.dev}:${stats.ino}`;
    if (seen.has(identity)) return undefined;
    seen.add(identity);
    return readStoreFile(path, stats, deadline, by === 'content' ? beginsLikePem : () => true);
  });
}

function beginsLikePem(firstBytes: Buffer): boolean {
  return firstBytes.toString('latin1', 0, 11) === '-----BEGIN ';
}

function failed(subject: string, problem: StoreProblem): StoredCertificates {
  return { subject, format: undefined, certificates: [], problem };
}

const nothingInFolder: StoreProblem = {
  code: 'no-certificate',
  message: 'has no certificate in it or below it',
  hint: 'files in a folder are found by their endings, such as .pem, .crt, .p12 or .jks; name others one by one',
};

import { MalformedBer } from './ber.ts';
import { certificateBags, isSafeContents } from './pkcs12-bags.ts';
import { UnreadablePkcs12 } from './pkcs12-failure.ts';
import { readPkcs12File } from './pkcs12-file.ts';
import type { Pkcs12File } from './pkcs12-file.ts';
import { collect, emptyCollection, finish, isFull } from './store-contents.ts';
import type { Collection, StoreContents } from './store-contents.ts';
import type { StoreProblem } from './stored-certificates.ts';

/** A few seconds of work. OpenSSL does 2,048 by default and Java 10,000. */
const mostIterations = 10_000_000;

/**
 * The certificates of a PKCS#12 store. Passwords are tried in order; when there are none, no password, the empty one
 * and `changeit`, which Java's tools have always had. What is not encrypted is read without any.
 *
 * It is our own reader because that of node-forge refuses a store with a secret key in it, wants to decrypt the private
 * keys as well, does not know PBMAC1, and stops everything else while it derives keys in JavaScript: 13 s for a store
 * of `openssl pkcs12 -iter 1000000`. The signal ends it with its reason.
 */
export async function readPkcs12(
  bytes: Buffer,
  passwords: readonly string[],
  signal?: AbortSignal,
): Promise<StoreContents> {
  try {
    return await readOpened(readPkcs12File(bytes), passwords, signal);
  } catch (error) {
    if (error instanceof MalformedBer) {
      const message = `is broken PKCS#12: ${error.message}`;
      return { format: 'pkcs12', certificates: [], problem: { code: 'malformed', message } };
    }
    if (error instanceof UnreadablePkcs12) {
      return { format: 'pkcs12', certificates: [], problem: { code: error.code, message: error.message } };
    }
    throw error;
  }
}

async function readOpened(
  file: Pkcs12File,
  passwords: readonly string[],
  signal: AbortSignal | undefined,
): Promise<StoreContents> {
  const isEncrypted = file.parts.some(({ kind }) => kind === 'encrypted');
  // A password that was given is checked even where it is not needed, or a wrong one would go unnoticed.
  const needsPassword = isEncrypted || (file.mac !== undefined && passwords.length > 0);
  const opened = needsPassword ? await openWithAny(file, candidates(passwords), signal) : [];
  const clear = file.parts.flatMap((part) => (part.kind === 'clear' ? [part.safeContents] : []));
  const collection = emptyCollection();
  for (const safeContents of [...clear, ...(opened ?? [])]) collectBags(collection, safeContents);

  const nothing = { code: 'no-certificate', message: 'is PKCS#12 without a certificate' } as const;
  const contents = finish('pkcs12', collection, nothing);
  if (opened === undefined) return { ...contents, problem: wrongPassword(passwords) };
  const unsupported = file.parts.find((part) => part.kind === 'unsupported');
  if (unsupported === undefined) return contents;
  return { ...contents, problem: { code: 'unreadable', message: unsupported.message } };
}

/** No password is something else than an empty one, and programs disagree about which of them "none" means. */
function candidates(passwords: readonly string[]): (string | undefined)[] {
  const texts = passwords.length === 0 ? ['', 'changeit'] : passwords;
  return texts.flatMap((text) => (text === '' ? [undefined, ''] : [text]));
}

/** The decrypted parts with the first password that fits; undefined when none does. */
async function openWithAny(
  file: Pkcs12File,
  passwords: readonly (string | undefined)[],
  signal: AbortSignal | undefined,
): Promise<Buffer[] | undefined> {
  requireBearable(file);
  for (const password of passwords) {
    if (file.mac !== undefined && !(await file.mac.fits(file.contents, password, signal))) continue;
    const opened = await openParts(file, password, signal);
    if (opened !== undefined) return opened;
    if (file.mac !== undefined) throw new MalformedBer('it cannot be decrypted, although the password is right');
  }
  return undefined;
}

async function openParts(
  { parts }: Pkcs12File,
  password: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Buffer[] | undefined> {
  const opened: Buffer[] = [];
  for (const part of parts) {
    if (part.kind !== 'encrypted') continue;
    const safeContents = await part.encryption.decrypt(part.ciphertext, password, signal);
    if (safeContents === undefined || !isSafeContents(safeContents)) return undefined;
    opened.push(safeContents);
  }
  return opened;
}

/** Throws UnreadablePkcs12 when trying one password would take for ever. */
function requireBearable({ mac, parts }: Pkcs12File): void {
  const counts = parts.map((part) => (part.kind === 'encrypted' ? part.encryption.iterations : 0));
  const sum = counts.reduce((total, count) => total + count, mac?.iterations ?? 0);
  if (sum <= mostIterations) return;
  const asked = Number.isFinite(sum) ? String(sum) : 'an absurd number of';
  const message = `is PKCS#12 that asks for ${asked} rounds of hashing to open it, more than ${mostIterations}`;
  throw new UnreadablePkcs12('unreadable', message);
}

function collectBags(collection: Collection, safeContents: Buffer): void {
  try {
    for (const der of certificateBags(safeContents)) {
      if (isFull(collection)) return;
      collect(collection, der, `certificate ${collection.certificates.length + collection.faults.length + 1}`);
    }
  } catch (error) {
    if (!(error instanceof MalformedBer)) throw error;
    collection.faults.push(`is broken PKCS#12: ${error.message}`);
  }
}

function wrongPassword(passwords: readonly string[]): StoreProblem {
  const hint = 'write its password into a file that only you can read, and name that with --password-file FILE';
  if (passwords.length === 0) return { code: 'wrong-password', message: 'is PKCS#12 that needs a password', hint };
  const which =
    passwords.length === 1 ? 'with the password given' : `with any of the ${passwords.length} passwords given`;
  return { code: 'wrong-password', message: `is PKCS#12 that does not open ${which}`, hint };
}

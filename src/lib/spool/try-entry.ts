import { closeSync, fsyncSync, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { replaceFile } from '../files/replace-file.ts';
import { systemErrorName } from '../files/system-failure.ts';
import { DeliveryFailure } from '../notify/notifier.ts';
import { printable } from '../text/printable.ts';
import { backoffSeconds } from './backoff.ts';
import { type Deliver, deliverWithin } from './deliver-within.ts';
import { formatEntry, readEntry } from './entry-file.ts';
import type { SpoolEntry } from './entry.ts';
import { entryFileName } from './list-entries.ts';
import { deadFolder, waitingFolder } from './spool-folder.ts';

/** What became of one entry. `gone`: somebody removed it; `failed`: it is still there. */
export type Attempt =
  { state: 'delivered' | 'gone' } | { state: 'dead' | 'failed' | 'unreadable' | 'interrupted'; reason: string };

export interface AttemptOptions {
  deliver: Deliver;
  /** Whoever calls has enough. */
  signal: AbortSignal;
  /** For this attempt. */
  seconds: number;
  /** Unix time in seconds. */
  now(): number;
}

/** Delivers one entry and writes down what came of it. The lock of the flush is held. */
export async function tryEntry(folder: string, id: string, options: AttemptOptions): Promise<Attempt> {
  const path = join(waitingFolder(folder), entryFileName(id));
  const entry = readEntry(path);
  if (entry === undefined) return { state: 'gone' };
  if ('problem' in entry) return { state: 'unreadable', reason: entry.problem };
  try {
    await deliverWithin(options.deliver, entry, options);
  } catch (error) {
    // Whoever presses Ctrl-C says nothing about the server; but those who have got it must not get it again.
    const isPartly = error instanceof DeliveryFailure && error.undelivered !== undefined;
    if (options.signal.aborted && !isPartly) return { state: 'interrupted', reason: 'interrupted' };
    return writeDownFailure(folder, entry, error, options.now());
  }
  try {
    remove(path);
  } catch (error) {
    return { state: 'failed', reason: `delivered, but it will be sent again: ${reasonOf(error)}` };
  }
  return { state: 'delivered' };
}

function writeDownFailure(folder: string, entry: SpoolEntry, error: unknown, now: number): Attempt {
  const path = join(waitingFolder(folder), entryFileName(entry.id));
  const lastError = reasonOf(error);
  const failure = error instanceof DeliveryFailure ? error : undefined;
  const attempts = entry.attempts + 1;
  const notBefore = now + backoffSeconds(attempts, failure?.retryAfterSeconds);
  // Whoever has got it must not get it again.
  const rest = failure?.undelivered === undefined ? {} : { recipients: failure.undelivered };
  const text = formatEntry({ ...entry, ...rest, attempts, notBefore, lastError });
  try {
    if (failure?.permanent !== true) {
      replaceFile(path, text);
      return { state: 'failed', reason: lastError };
    }
    replaceFile(join(deadFolder(folder), entryFileName(entry.id)), text);
    remove(path);
    return { state: 'dead', reason: lastError };
  } catch (writing) {
    // It is as it was, and tried again too soon: better than lost.
    return { state: 'failed', reason: `${lastError}; ${reasonOf(writing)}` };
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemErrorName(error) !== 'ENOENT') throw error;
  }
  syncFolderOf(path);
}

/** What fails here means at worst that a power cut brings the entry back. */
function syncFolderOf(path: string): void {
  try {
    const descriptor = openSync(join(path, '..'), 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
  }
}

/** One line. The words of an error that nobody expected may quote a URL with a token, so only its name is told. */
function reasonOf(error: unknown): string {
  if (error instanceof DeliveryFailure || error instanceof UserError) return printable(error.message.slice(0, 500));
  return printable(
    `an unexpected error, ${systemErrorName(error) ?? (error instanceof Error ? error.name : typeof error)}`,
  );
}

import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { systemFailure } from '../files/system-failure.ts';
import { acquireLock } from '../locks/acquire-lock.ts';
import type { Environment } from '../shell/find-program.ts';
import type { Deliver } from './deliver-within.ts';
import { type EntryHead, readHead } from './entry-file.ts';
import type { FlushResult } from './flush-result.ts';
import { type Lane, tryLane } from './flush-lane.ts';
import { listEntries } from './list-entries.ts';
import { planFlush } from './plan-flush.ts';
import { removeTemporaryFiles } from './remove-temporary-files.ts';
import { flushLock, waitingFolder } from './spool-folder.ts';

export interface FlushOptions {
  /** Hands one entry to its notifier; rejects with a DeliveryFailure. Asked for several notifiers at once. */
  deliver: Deliver;
  /** Ends the flush; what is not delivered is told as waiting. */
  signal: AbortSignal;
  /** For the whole of it, the wait for the lock included. */
  deadlineSeconds: number;
  /** Unix time in seconds. */
  now(): number;
  /** Ids of the entries to be tried, although their time may not have come; the others are left alone and not told. */
  only?: ReadonlySet<string> | undefined;
  /** Its PATH has flock(1). */
  env: Environment;
  /** Our own process. */
  pid: number;
  /** How long to wait for another flush to end. Default 0: it does what we would do. */
  waitForLockSeconds?: number | undefined;
}

/** Notifiers that are talked to at once. */
const lanesAtOnce = 4;

/**
 * Delivers what waits in the spool, oldest first, and removes it when the other side has taken it. One flush at a time,
 * so that nobody gets a message twice; one that is killed between the two leaves it to the next, so it arrives at least
 * once. What fails is tried again later (backoff.ts), what can never be delivered is moved to `dead`.
 *
 * Throws UserError when the spool cannot be read or written, for what cannot be removed must not be sent either.
 */
export async function flush(folder: string, options: FlushOptions): Promise<FlushResult> {
  const began = performance.now();
  const secondsLeft = (): number => options.deadlineSeconds - (performance.now() - began) / 1000;
  const result: FlushResult = { state: 'flushed', delivered: [], waiting: [], dead: [], unreadable: [] };
  const listed = listEntries(waitingFolder(folder));
  // Without the lock, which costs a program.
  if (listed.names.length === 0 && listed.foreign.length === 0) return result;
  requireWritable(waitingFolder(folder));

  const { env, pid, signal } = options;
  const waitSeconds = Math.min(options.waitForLockSeconds ?? 0, secondsLeft());
  const request = { env, pid, signal, now: options.now(), what: 'devops notify flush', waitSeconds };
  const answer = await acquireLock(flushLock(folder), request);
  if ('busy' in answer) return { ...result, state: 'busy' };
  try {
    removeTemporaryFiles(waitingFolder(folder), options.now());
    await flushLanes(folder, options, { result, secondsLeft });
  } finally {
    answer.lock.release();
  }
  return result;
}

async function flushLanes(
  folder: string,
  options: FlushOptions,
  { result, secondsLeft }: Pick<Lane, 'result' | 'secondsLeft'>,
): Promise<void> {
  const { lanes, later } = planFlush(readHeads(folder, result), options.now(), options.only);
  // Of one that was not tried yet, why the one before it failed.
  const reasons = new Map(later.flatMap(({ to, lastError }) => (lastError === undefined ? [] : [[to, lastError]])));
  for (const { id, to, lastError } of later) {
    const reason = lastError ?? reasons.get(to) ?? 'the one before it could not be delivered';
    result.waiting.push({ id, to, reason });
  }
  // Each lane gets its share, or a few servers that do not answer would use up the time of all others.
  const shareSeconds = secondsLeft() / Math.max(1, Math.ceil(lanes.length / lanesAtOnce));
  const next = lanes.values();
  await Promise.all(
    Array.from({ length: Math.min(lanesAtOnce, lanes.length) }, async () => {
      for (const entries of next) await tryLane(entries, { folder, options, result, secondsLeft, shareSeconds });
    }),
  );
}

function readHeads(folder: string, result: FlushResult): EntryHead[] {
  // Under the lock: what the list before it had may be delivered by now.
  const { names, foreign } = listEntries(waitingFolder(folder));
  for (const file of foreign) result.unreadable.push({ file, reason: 'it is not an entry as devops writes it' });
  const heads: EntryHead[] = [];
  for (const file of names) {
    const head = readHead(join(waitingFolder(folder), file));
    if (head === undefined) continue;
    if ('problem' in head) result.unreadable.push({ file, reason: head.problem });
    else if (`${head.id}.json` !== file) result.unreadable.push({ file, reason: 'its name is not its id' });
    else heads.push(head);
  }
  return heads;
}

function requireWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw systemFailure(`cannot change the spool '${folder}'`, error, [
      `see who may: ls -ld '${folder}'; findmnt -T '${folder}'`,
    ]);
  }
}

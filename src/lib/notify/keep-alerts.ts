import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { newRunId } from '../jobs/run-id.ts';
import { deliverWithin } from '../spool/deliver-within.ts';
import { enqueue } from '../spool/enqueue.ts';
import { readHead } from '../spool/entry-file.ts';
import type { SpoolEntry } from '../spool/entry.ts';
import { entryFileName } from '../spool/list-entries.ts';
import { deadFolder, openSpool, waitingFolder } from '../spool/spool-folder.ts';
import type { Account } from '../state/directories.ts';
import type { Alert } from './alert.ts';
import { deliverBy, flushWaiting, type Sender } from './flush-waiting.ts';

export interface AlertKeeper extends Sender, Account {
  warn(message: string): void;
}

/** `signal` is not that of the run: an alert about an interruption has to get out, too. */
export interface KeptLimits {
  deadlineSeconds: number;
  signal: AbortSignal;
}

/**
 * Puts alerts into the spool for all whom they are for; from then on they cannot be lost. Answers with what sends them,
 * together with whatever else waits: it resolves to whether all were taken within that time, and tells `warn` what was
 * not. Where there can be no spool they are sent at once, and only then are they safe.
 */
export function keepAlerts(
  alerts: readonly Alert[],
  to: readonly string[],
  keeper: AlertKeeper,
): (limits: KeptLimits) => Promise<boolean> {
  const entries = alerts.flatMap((alert) => to.map((name) => entryFor(name, alert, keeper)));
  const kept: SpoolEntry[] = [];
  let folder: string | undefined;
  try {
    folder = openSpool(keeper);
    for (const entry of entries) {
      enqueue(folder, entry);
      kept.push(entry);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    keeper.warn(error.message);
  }
  const spool = folder;
  return async (limits) => {
    const atOnce = entries.slice(kept.length);
    const areTold = await Promise.all([
      spool === undefined || kept.length === 0 || deliverKept(spool, kept, keeper, limits),
      deliverAtOnce(atOnce, keeper, limits),
    ]);
    return areTold.every(Boolean);
  };
}

function entryFor(to: string, alert: Alert, { now }: AlertKeeper): SpoolEntry {
  const createdAt = Math.floor(now() / 1000);
  return { version: 1, id: newRunId(), createdAt, to, content: { alert }, attempts: 0, notBefore: createdAt };
}

async function deliverKept(
  folder: string,
  entries: readonly SpoolEntry[],
  keeper: AlertKeeper,
  { deadlineSeconds, signal }: KeptLimits,
): Promise<boolean> {
  const told = new Map<string, string>();
  let usual = 'somebody else is sending what waits, and has not come to it';
  try {
    const result = await flushWaiting(folder, keeper, { signal, deadlineSeconds, waitForLockSeconds: deadlineSeconds });
    for (const { id, reason } of [...result.waiting, ...result.dead]) told.set(id, reason);
  } catch (error) {
    if (!(error instanceof UserError) && !signal.aborted) throw error;
    usual = (error as Error).message;
  }
  // Not by what this flush has done: another may have sent it, or may have found that nobody can.
  const left = entries.filter(({ id }) => whereIs(folder, id) !== undefined);
  for (const { id, to } of left) {
    const reason = told.get(id) ?? whereIs(folder, id)?.lastError ?? usual;
    keeper.warn(`${to} was not told: ${reason}`);
  }
  return left.length === 0;
}

/** Undefined for an entry that somebody has taken. */
function whereIs(folder: string, id: string): { lastError?: string } | undefined {
  for (const place of [waitingFolder(folder), deadFolder(folder)]) {
    const head = readHead(join(place, entryFileName(id)));
    if (head !== undefined) return 'problem' in head ? {} : head;
  }
  return undefined;
}

async function deliverAtOnce(
  entries: readonly SpoolEntry[],
  keeper: AlertKeeper,
  limits: KeptLimits,
): Promise<boolean> {
  const deliver = deliverBy(keeper);
  const taken = await Promise.all(
    entries.map(async (entry) => {
      try {
        await deliverWithin(deliver, entry, { signal: limits.signal, seconds: limits.deadlineSeconds });
        return true;
      } catch (error) {
        keeper.warn(`${entry.to} was not told: ${(error as Error).message}`);
        return false;
      }
    }),
  );
  return taken.every(Boolean);
}

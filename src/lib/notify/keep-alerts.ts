import { UserError } from '../errors/user-error.ts';
import { newRunId } from '../jobs/run-id.ts';
import { enqueue } from '../spool/enqueue.ts';
import type { SpoolEntry } from '../spool/entry.ts';
import { openSpool } from '../spool/spool-folder.ts';
import type { Account } from '../state/directories.ts';
import type { Alert } from './alert.ts';
import { deliverBy, flushWaiting, type Sender } from './flush-waiting.ts';

export interface AlertKeeper extends Sender, Account {
  warn(message: string): void;
}

/**
 * Puts alerts into the spool for all whom they are for; from then on they cannot be lost. Answers with what sends them,
 * together with whatever else waits: it resolves to whether all were taken within that many seconds, and tells `warn`
 * what was not. Where there can be no spool they are sent at once, and only then are they safe.
 */
export function keepAlerts(
  alerts: readonly Alert[],
  to: readonly string[],
  keeper: AlertKeeper,
): (deadlineSeconds: number) => Promise<boolean> {
  const entries = alerts.flatMap((alert) => to.map((name) => entryFor(name, alert, keeper)));
  let folder: string;
  try {
    folder = openSpool(keeper);
    for (const entry of entries) enqueue(folder, entry);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    keeper.warn(error.message);
    return (deadlineSeconds) => deliverAtOnce(entries, keeper, deadlineSeconds);
  }
  return (deadlineSeconds) => deliverKept(folder, entries, keeper, deadlineSeconds);
}

function entryFor(to: string, alert: Alert, { now }: AlertKeeper): SpoolEntry {
  const createdAt = Math.floor(now() / 1000);
  return { version: 1, id: newRunId(), createdAt, to, content: { alert }, attempts: 0, notBefore: createdAt };
}

async function deliverKept(
  folder: string,
  entries: readonly SpoolEntry[],
  keeper: AlertKeeper,
  deadlineSeconds: number,
): Promise<boolean> {
  const ours = new Set(entries.map(({ id }) => id));
  // Not the signal of the run: an alert about an interruption has to get out, too.
  const signal = AbortSignal.timeout((deadlineSeconds + 1) * 1000);
  try {
    const result = await flushWaiting(folder, keeper, { signal, deadlineSeconds, waitForLockSeconds: deadlineSeconds });
    if (result.state === 'busy') {
      keeper.warn('somebody else is sending what waits: the alert waits too');
      return false;
    }
    const left = [...result.waiting, ...result.dead].filter(({ id }) => ours.has(id));
    for (const { to, reason } of left) keeper.warn(`${to} was not told: ${reason}`);
    return left.length === 0;
  } catch (error) {
    if (!(error instanceof UserError) && !signal.aborted) throw error;
    keeper.warn(`nobody was told: ${(error as Error).message}`);
    return false;
  }
}

async function deliverAtOnce(
  entries: readonly SpoolEntry[],
  keeper: AlertKeeper,
  deadlineSeconds: number,
): Promise<boolean> {
  const deliver = deliverBy(keeper);
  const signal = AbortSignal.timeout(deadlineSeconds * 1000);
  const taken = await Promise.all(
    entries.map(async (entry) => {
      try {
        await deliver(entry, { signal, deadlineSeconds });
        return true;
      } catch (error) {
        keeper.warn(`${entry.to} was not told: ${(error as Error).message}`);
        return false;
      }
    }),
  );
  return taken.every(Boolean);
}

import { backoffSeconds, isHeldBack } from './backoff.ts';
import type { EntryHead } from './entry-file.ts';

/** After that many tries an entry may be what is wrong, and not the server: the others of its lane come first. */
const patience = 5;

export interface FlushPlan {
  /** Entries to be tried, one list for each `to`, in the order in which they are. */
  lanes: EntryHead[][];
  /** Those whose time has not come. */
  later: EntryHead[];
}

/**
 * What a flush tries. All that goes to one notifier is one lane: a server that does not answer the first will not answer
 * the second either, so it waits as a whole, and what comes first is tried first, or a recovery would arrive before the
 * failure that it is about. A lane is tried when its wait is over, or when it has an entry that is newer than the last
 * failure; then from its oldest entry on. With `only` the others are left out, and nothing waits.
 */
export function planFlush(heads: readonly EntryHead[], now: number, only?: ReadonlySet<string>): FlushPlan {
  const byNotifier = Map.groupBy(
    heads.filter(({ id }) => only === undefined || only.has(id)),
    ({ to }) => to,
  );
  const plan: FlushPlan = { lanes: [], later: [] };
  for (const lane of byNotifier.values()) {
    if (only !== undefined || isDue(lane, now)) plan.lanes.push(lane.toSorted(byAge));
    else plan.later.push(...lane);
  }
  // The lanes that failed last time are the last, should the time not be enough for all.
  plan.lanes.sort((one, other) => worstOf(one) - worstOf(other) || byAge(one[0]!, other[0]!));
  return plan;
}

function isDue(lane: readonly EntryHead[], now: number): boolean {
  let lastFailure = -Infinity;
  for (const { attempts, notBefore } of lane) {
    if (attempts === 0 || !isHeldBack(notBefore, now)) continue;
    lastFailure = Math.max(lastFailure, notBefore - backoffSeconds(attempts));
  }
  return lane.some(
    ({ attempts, createdAt, notBefore }) => !isHeldBack(notBefore, now) && (attempts > 0 || createdAt > lastFailure),
  );
}

function byAge(one: EntryHead, other: EntryHead): number {
  return (
    Number(one.attempts >= patience) - Number(other.attempts >= patience) ||
    one.createdAt - other.createdAt ||
    (one.id < other.id ? -1 : 1)
  );
}

function worstOf(lane: readonly EntryHead[]): number {
  return lane.reduce((most, { attempts }) => Math.max(most, attempts), 0);
}

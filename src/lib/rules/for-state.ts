import { formatDuration } from '../quantity/duration.ts';
import type { RuleResult } from '../system/report.ts';
import { agree, identityOf } from './instance.ts';

/** What is remembered of a rule with `for`: the instances for which its condition held, by `identityOf` their labels. */
export type ForState = ReadonlyMap<string, Held>;

export interface Held {
  labels: Readonly<Record<string, string>>;
  /** When it began to hold, in milliseconds since 1970. */
  since: number;
  /** When it was last seen to hold. */
  seen: number;
}

/**
 * One evaluation of a rule with `for`, as Prometheus means it: an instance fires once its condition has held at every
 * evaluation for `forSeconds`, and is `pending` until then.
 *
 * Counting starts again when the condition is false, and also
 * - when the clock went backwards, because the time that passed is then not known;
 * - when the last evaluation that saw it hold is too long ago (see `longestGap`): nobody looked in between, so nobody can
 *   say that it held.
 * What could not be told this time proves nothing: it neither counts nor resets, and only the gap can end it.
 */
export function advanceForState(
  previous: ForState,
  results: readonly RuleResult[],
  { forSeconds, now }: { forSeconds: number; now: number },
): { next: ForState; results: RuleResult[] } {
  const next = new Map<string, Held>();
  const advanced = results.map((result): RuleResult => {
    if (result.state !== 'fired') return result;
    const key = identityOf(result.labels);
    const before = previous.get(key);
    const gap = before === undefined ? 0 : (now - before.seen) / 1000;
    const goesOn = before !== undefined && gap >= 0 && gap <= longestGap(forSeconds);
    const since = goesOn ? before.since : now;
    next.set(key, { labels: result.labels, since, seen: now });
    const held = (now - since) / 1000;
    const state = held >= forSeconds ? 'fired' : 'pending';
    const needed = state === 'fired' ? '' : ` of ${formatDuration(forSeconds)}`;
    const reset = before === undefined || goesOn ? '' : resetReason(gap);
    const message = `${result.message}, for ${formatDuration(held)}${needed}${reset}`;
    return { ...result, state, since: new Date(since).toISOString(), message };
  });
  const told = new Set(results.filter(({ state }) => state === 'ok').map(({ labels }) => identityOf(labels)));
  const gaps = results.filter(({ state }) => state === 'unknown' || state === 'not yet known');
  for (const [key, held] of previous) {
    // An instance may also be one of those that a gap with fewer labels stands for.
    const isUntold = !told.has(key) && gaps.some(({ labels }) => agree(labels, held.labels));
    if (isUntold && !next.has(key)) next.set(key, held);
  }
  return { next, results: advanced };
}

/**
 * An hour, so that an hourly cron job can prove `for 15m`, or the rule's own time, so that a daily one can prove
 * `for 1d`; and a tenth more, because cron starts a job some seconds early or late.
 */
function longestGap(forSeconds: number): number {
  return Math.max(3600, forSeconds) * 1.1;
}

function resetReason(gap: number): string {
  const reason = gap < 0 ? 'the clock went backwards' : `the last look was ${formatDuration(gap)} ago`;
  return ` (counting again: ${reason})`;
}

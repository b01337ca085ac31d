import type { Verdict } from '../results/verdict.ts';
import type { NotifyPolicy } from './job.ts';
import { isOver, mostCollected, mostSubjects, rankOf } from './job-state.ts';
import type { CollectedEvent, JobState } from './job-state.ts';
import { eventIdentity } from './merge-judgements.ts';

/**
 * Puts the events of a run to those that wait; `isDue` says that they cannot wait. An event waits while its subject is in
 * its reminder window, and no longer: one of another subject, or a worse one, is news. None is ever dropped.
 */
export function collectEvents(
  state: JobState,
  verdicts: readonly Verdict[],
  policy: NotifyPolicy,
  now: number,
): { state: JobState; isDue: boolean } {
  const known = new Set(state.collected.map(({ verdict }) => eventIdentity(verdict)));
  const collected = [...state.collected];
  for (const verdict of verdicts) {
    if (verdict.event === undefined || !isTold(verdict, policy)) continue;
    const identity = eventIdentity(verdict);
    if (known.has(identity)) continue;
    known.add(identity);
    collected.push({ at: now, verdict });
  }
  const next = collected.length === state.collected.length ? state : { ...state, collected };
  return { state: next, isDue: collectedAreDue(next, policy, now) };
}

/** Whether one of the events that wait has waited for as long as it may. */
export function collectedAreDue({ collected, eventsTold }: JobState, policy: NotifyPolicy, now: number): boolean {
  if (collected.length > mostCollected) return true;
  return collected.some(({ verdict }) => {
    const told = eventsTold.get(verdict.subject);
    if (told === undefined || rankOf(verdict.status) > rankOf(told.status)) return true;
    return isOver(told.at, policy.reminderSeconds ?? 0, now);
  });
}

/** The state after all that waited was told: the windows of its subjects begin. */
export function withoutCollected(state: JobState, policy: NotifyPolicy, now: number): JobState {
  if (state.collected.length === 0) return state;
  const eventsTold = new Map(
    [...state.eventsTold].filter(([, { at }]) => !isOver(at, policy.reminderSeconds ?? 0, now)),
  );
  for (const { verdict } of worstLast(state.collected)) {
    const { subject, status } = verdict;
    // Again at the end of the map, so that the oldest are the first.
    eventsTold.delete(subject);
    eventsTold.set(subject, { at: now, status });
  }
  // Forgetting a window costs one message more.
  const surplus = [...eventsTold.keys()].slice(0, Math.max(0, eventsTold.size - mostSubjects));
  for (const subject of surplus) eventsTold.delete(subject);
  return { ...state, eventsTold, collected: [] };
}

function worstLast(collected: readonly CollectedEvent[]): CollectedEvent[] {
  return collected.toSorted((one, other) => rankOf(one.verdict.status) - rankOf(other.verdict.status));
}

/** Who never wants to hear of warnings means these, too. */
function isTold({ status }: Verdict, policy: NotifyPolicy): boolean {
  return status !== 'ok' && !(status === 'warning' && policy.warning === 'never');
}

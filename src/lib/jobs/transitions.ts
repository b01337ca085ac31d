import type { AlertSubject } from '../notify/alert.ts';
import { formatDuration } from '../quantity/duration.ts';
import { boundedVerdict } from './bounded-verdict.ts';
import { collectEvents, collectedAreDue } from './collect-events.ts';
import { composeAlert } from './compose-alert.ts';
import type { AlertDraft } from './compose-alert.ts';
import { isoTime } from './iso-time.ts';
import type { Expectations, NotifyPolicy } from './job.ts';
import { isOver, rankOf } from './job-state.ts';
import type { JobState } from './job-state.ts';
import type { JudgedRun } from './judge-run.ts';
import { changeSubjects } from './subject-changes.ts';

export interface Decision {
  /** To be kept only after the alerts are safe in the spool: a crash in between tells twice, and loses nothing. */
  state: JobState;
  /** None, or one that has everything. */
  alerts: AlertDraft[];
  /** Of what this run found not ok, how much the policy keeps back. */
  suppressed: number;
}

/** What of a run counts here. */
export type DecidedRun = Pick<JudgedRun, 'state' | 'exitCode' | 'ended' | 'verdicts' | 'complete'>;

/** 128 + SIGINT: somebody sits in front of it and has seen it. */
const interruptedByHand = 130;

/**
 * Whom to tell what after a run: a pure function of what is remembered and of what the run judged. `now`: Unix time in
 * seconds.
 */
export function decide(state: JobState, run: DecidedRun, policy: NotifyPolicy, now: number): Decision {
  if (run.state === 'busy') return decideBusy(state, run, policy, now);
  const news: AlertSubject[] = [];
  let next: JobState = { ...state, skips: 0, stuck: undefined };
  if (state.stuck !== undefined) news.push(conditionOver(state, 'stuck', `it runs again: ${run.ended}`, now));
  if (run.complete) {
    next = { ...next, lastGoodAt: now, missed: undefined };
    if (state.missed !== undefined) news.push(conditionOver(state, 'missed', `a good run: ${run.ended}`, now));
  }
  const verdicts = run.verdicts
    .map(boundedVerdict)
    .filter(
      ({ subject, code }) =>
        !(run.exitCode === interruptedByHand && subject === state.job && code === 'interrupted' && !run.complete),
    );
  const changes = changeSubjects(next, { verdicts, complete: run.complete, ended: run.ended }, policy, now);
  const events = collectEvents(changes.state, verdicts, policy, now);
  const recoveries = news.filter(() => policy.recovery !== 'never');
  return tell(events.state, [...recoveries, ...changes.news], { policy, now, events: events.isDue });

  function tell(
    told: JobState,
    subjects: readonly AlertSubject[],
    at: { policy: NotifyPolicy; now: number; events: boolean },
  ): Decision {
    const waiting = told.collected.length - state.collected.length;
    const silent = run.verdicts.length - verdicts.length;
    if (subjects.length === 0 && !at.events && !reminderIsDue(told, policy, now)) {
      return { state: told, alerts: [], suppressed: changes.heldBack + Math.max(0, waiting) + silent };
    }
    const composed = composeAlert(told, subjects, { policy, now });
    return { state: composed.state, alerts: [composed.alert], suppressed: changes.untold + silent };
  }
}

/** It did not run, because the one before still does. */
function decideBusy(state: JobState, run: DecidedRun, policy: NotifyPolicy, now: number): Decision {
  const skips = state.skips + 1;
  const message = `skipped ${skips} times in a row: ${run.ended}`;
  const next = { ...state, skips, ...(state.stuck === undefined ? {} : { stuck: { ...state.stuck, message } }) };
  const isNew = state.stuck === undefined && skips >= policy.stuckAfter;
  if (isNew) {
    const stuck = { since: now, message, toldAt: now };
    return sent(
      composeAlert({ ...next, stuck }, [condition(state.job, 'stuck', stuck)], { policy, now, kind: 'stuck' }),
    );
  }
  if (reminderIsDue(next, policy, now) || collectedAreDue(next, policy, now)) {
    return sent(composeAlert(next, [], { policy, now, ...(next.stuck === undefined ? {} : { kind: 'stuck' }) }));
  }
  return { state: next, alerts: [], suppressed: 0 };
}

/**
 * Whether the last good run is older than expected, for whoever looks while the job does not run at all. A job that
 * never ran counts from when its state was made.
 */
export function decideMissed(state: JobState, expect: Expectations, policy: NotifyPolicy, now: number): Decision {
  const { maxAgeSeconds } = expect;
  // A good run in the future: the clock was set back, and nobody knows how old it is. It counts from now.
  const lastGoodAt = state.lastGoodAt === undefined ? undefined : Math.min(state.lastGoodAt, now);
  const current: JobState = { ...state, lastGoodAt, createdAt: Math.min(state.createdAt, now) };
  const since = lastGoodAt ?? current.createdAt;
  const age = now - since;
  if (maxAgeSeconds === undefined || age <= maxAgeSeconds) {
    if (state.missed === undefined) return { state: current, alerts: [], suppressed: 0 };
    const over = conditionOver(state, 'missed', 'the last good run is young enough', now);
    const next = { ...current, missed: undefined };
    if (policy.recovery === 'never') return { state: next, alerts: [], suppressed: 0 };
    return sent(composeAlert(next, [over], { policy, now }));
  }
  const last = lastGoodAt === undefined ? 'no good run yet' : `the last good run was at ${isoTime(lastGoodAt)}`;
  const message = `${last}, ${formatDuration(age)} ago; expected is one every ${formatDuration(maxAgeSeconds)}`;
  const missed = { since: state.missed?.since ?? now, message, toldAt: state.missed?.toldAt ?? now };
  const next = { ...current, missed };
  if (state.missed === undefined) {
    return sent(composeAlert(next, [condition(state.job, 'missed', missed)], { policy, now, kind: 'missed' }));
  }
  if (!reminderIsDue(next, policy, now)) return { state: next, alerts: [], suppressed: 1 };
  return sent(composeAlert(next, [], { policy, now, kind: 'missed' }));
}

/** The events that have waited for as long as they may, for whoever looks between two runs. */
export function dueCollected(state: JobState, policy: NotifyPolicy, now: number): Decision {
  if (!collectedAreDue(state, policy, now)) return { state, alerts: [], suppressed: 0 };
  return sent(composeAlert(state, [], { policy, now }));
}

function sent({ state, alert }: ReturnType<typeof composeAlert>): Decision {
  return { state, alerts: [alert], suppressed: 0 };
}

/** Whether something that was told and is as bad as ever has been quiet for a whole window. */
function reminderIsDue(state: JobState, { reminderSeconds, warning }: NotifyPolicy, now: number): boolean {
  if (reminderSeconds === undefined || state.toldAt === undefined) return false;
  if (!isOver(state.toldAt, reminderSeconds, now)) return false;
  if (state.stuck !== undefined || state.missed !== undefined) return true;
  const least = warning === 'always' ? 1 : 2;
  return [...state.subjects.values()].some(
    ({ told: before, verdicts }) => before.length > 0 && verdicts.some(({ status }) => rankOf(status) >= least),
  );
}

function condition(
  job: string,
  code: 'stuck' | 'missed',
  { since, message }: { since: number; message: string },
): AlertSubject {
  return { status: 'critical', subject: job, code, message, change: 'new', since: isoTime(since) };
}

function conditionOver({ job }: JobState, code: 'stuck' | 'missed', message: string, now: number): AlertSubject {
  return { status: 'ok', subject: job, code, message, change: 'recovered', since: isoTime(now) };
}

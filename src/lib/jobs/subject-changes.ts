import type { AlertSubject } from '../notify/alert.ts';
import type { Verdict } from '../results/verdict.ts';
import type { NotifyPolicy } from './job.ts';
import { mostCodes, mostSubjects, rankOf } from './job-state.ts';
import type { JobState, SubjectState } from './job-state.ts';
import { isoTime } from './iso-time.ts';

/** What a run says of subjects, without events. */
export interface SubjectReport {
  verdicts: readonly Verdict[];
  /** Subjects that are not named are no longer there. */
  complete: boolean;
  /** Says how the run ended, for subjects that are fine again without a word of their own. */
  ended: string;
}

export interface SubjectChanges {
  state: JobState;
  news: AlertSubject[];
  /** Verdicts that are not ok and are not among the news, because they are known or the policy waits or ignores them. */
  heldBack: number;
  /** Of those, the ones that are not even known. */
  untold: number;
}

/** Compares what a run says with what was told: new subjects, what became worse, what is fine again. */
export function changeSubjects(
  state: JobState,
  report: SubjectReport,
  policy: NotifyPolicy,
  now: number,
): SubjectChanges {
  const fine = new Map(report.verdicts.filter(({ event }) => event === undefined).map((each) => [each.subject, each]));
  // Not looked at is not the same as fine.
  const isLeft = (subject: string) => !report.complete && !fine.has(subject);
  const bad = bounded(badBySubject(report.verdicts, policy), state, isLeft);
  const next = countRuns(state, [...bad.values()].flat(), report.complete, policy);
  const subjects = new Map<string, SubjectState>();
  const news: AlertSubject[] = [];
  let [heldBack, untold] = [0, 0];
  for (const [subject, previous] of state.subjects) {
    if (bad.has(subject)) continue;
    if (isLeft(subject)) subjects.set(subject, previous);
    else if (previous.told.length > 0 && policy.recovery !== 'never') {
      news.push(recovered(subject, previous, fine.get(subject)));
    }
  }
  for (const [subject, verdicts] of bad) {
    const previous = state.subjects.get(subject);
    const since = previous?.since ?? now;
    let told = previous?.told ?? [];
    // The worst first: what else there is about a subject of which somebody is told is told with it.
    for (const verdict of verdicts.toSorted((one, other) => rankOf(other.status) - rankOf(one.status))) {
      const change = isDue(verdict, told, next, policy) ? changeOf(verdict, told) : undefined;
      if (change === undefined) {
        heldBack++;
        if (told.length === 0) untold++;
        continue;
      }
      news.push({ ...verdict, change, since: isoTime(since) });
      told = [...told, { status: verdict.status, code: verdict.code }].slice(-mostCodes);
    }
    subjects.set(subject, { since, verdicts, told });
  }
  const ignored = policy.warning === 'never' ? report.verdicts.filter(({ status }) => status === 'warning').length : 0;
  return { state: { ...next, subjects }, news, heldBack: heldBack + ignored, untold: untold + ignored };

  function recovered(subject: string, previous: SubjectState, verdict: Verdict | undefined): AlertSubject {
    const message = verdict?.message ?? (subject === state.job ? report.ended : 'no longer among what is not ok');
    const code = verdict?.code ?? previous.verdicts[0]!.code;
    return { status: 'ok', subject, code, message, change: 'recovered', since: isoTime(now) };
  }
}

/** What is told of it against what was told before: nothing for the same, or for less of the same. */
function changeOf(
  { status, code }: Verdict,
  told: readonly Pick<Verdict, 'status' | 'code'>[],
): 'new' | 'worse' | undefined {
  const same = told.filter((each) => each.code === code);
  if (same.some((each) => each.status === status || rankOf(each.status) > rankOf(status))) return undefined;
  const isWorse = told.length > 0 && told.every((each) => rankOf(each.status) < rankOf(status));
  return isWorse ? 'worse' : 'new';
}

/** A subject that was told of needs no further failures in a row for what becomes worse. */
function isDue({ status }: Verdict, told: readonly unknown[], state: JobState, policy: NotifyPolicy): boolean {
  if (told.length > 0) return true;
  return (rankOf(status) > 1 ? state.failures : state.notOk) >= policy.failAfter;
}

/**
 * They are counted for the job and not for each subject: ten hosts that fail in turn are a job that fails all the time.
 */
function countRuns(state: JobState, bad: readonly Verdict[], complete: boolean, policy: NotifyPolicy): JobState {
  const least = policy.warning === 'always' ? 1 : 2;
  const count = (before: number, isBad: boolean) => (isBad ? before + 1 : complete ? 0 : before);
  return {
    ...state,
    failures: count(
      state.failures,
      bad.some(({ status }) => rankOf(status) >= least),
    ),
    notOk: count(state.notOk, bad.length > 0),
  };
}

function badBySubject(verdicts: readonly Verdict[], policy: NotifyPolicy): Map<string, Verdict[]> {
  const bad = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    if (verdict.status === 'ok' || verdict.event !== undefined) continue;
    if (policy.warning === 'never' && verdict.status === 'warning') continue;
    const group = bad.get(verdict.subject);
    if (group === undefined) {
      bad.set(verdict.subject, [verdict]);
      continue;
    }
    const index = group.findIndex(({ code }) => code === verdict.code);
    if (index === -1) {
      // The last place is for the worst of the others.
      if (group.length < mostCodes) group.push(verdict);
      else if (rankOf(verdict.status) > rankOf(group.at(-1)!.status)) group[mostCodes - 1] = verdict;
    } else if (rankOf(verdict.status) > rankOf(group[index]!.status)) group[index] = verdict;
  }
  return bad;
}

const others = '(others)';

/** Those that are known keep their place; what is beyond the bound is one subject with a count. */
function bounded(
  bad: Map<string, Verdict[]>,
  state: JobState,
  isLeft: (subject: string) => boolean,
): Map<string, Verdict[]> {
  const left = [...state.subjects.keys()].filter((subject) => subject !== others && isLeft(subject)).length;
  const room = Math.max(1, mostSubjects - left);
  if (bad.size <= room) return bad;
  const isKnown = ([subject]: [string, unknown]) => state.subjects.has(subject);
  const sorted = [...[...bad].filter(isKnown), ...[...bad].filter((each) => !isKnown(each))];
  const kept = sorted.slice(0, room - 1);
  const rest = sorted.slice(room - 1).flatMap(([, verdicts]) => verdicts);
  const status = rest.some((each) => rankOf(each.status) > 1) ? 'critical' : 'warning';
  const message = `${bad.size - kept.length} further subjects are not ok, too`;
  return new Map([...kept, [others, [{ status, subject: others, code: 'too-many', message }]]]);
}

import type { Alert, AlertKind, AlertSubject } from '../notify/alert.ts';
import type { Status } from '../results/verdict.ts';
import { withoutCollected } from './collect-events.ts';
import { isoTime } from './iso-time.ts';
import type { NotifyPolicy } from './job.ts';
import { mostCodes, rankOf } from './job-state.ts';
import type { JobState, SubjectState } from './job-state.ts';

/** An alert without what only the run and its machine know. */
export type AlertDraft = Pick<Alert, 'kind' | 'severity' | 'subjects' | 'moreSubjects'>;

const mostListed = 200;
const changeOrder: readonly AlertSubject['change'][] = ['new', 'worse', 'event', 'still', 'recovered'];
/** Nagios order: a known critical is never hidden behind an unknown. */
const worstFirst: readonly Status[] = ['critical', 'unknown', 'warning', 'ok'];

/**
 * One message that has all there is to tell: the news, the events that waited, and whatever was told before and is
 * still not ok, so that every message starts the reminder window anew for all of it. `kind`: what it is about where
 * that is not told by the subjects.
 */
export function composeAlert(
  state: JobState,
  news: readonly AlertSubject[],
  { policy, now, kind }: { policy: NotifyPolicy; now: number; kind?: 'missed' | 'stuck' },
): { state: JobState; alert: AlertDraft } {
  const events = state.collected.map(({ at, verdict }): AlertSubject => ({
    ...verdict,
    change: 'event',
    since: isoTime(at),
  }));
  const subjects = [...news, ...events, ...stillBad(state, news)];
  const { listed, more } = list(subjects);
  const kindOf = kind ?? kindOfSubjects(state.job, subjects);
  const severity = worstFirst.find((status) => subjects.some((each) => each.status === status)) ?? 'ok';
  const told = { ...withoutCollected(state, policy, now), toldAt: now, subjects: markTold(state.subjects) };
  return {
    state: {
      ...told,
      ...(state.stuck === undefined ? {} : { stuck: { ...state.stuck, toldAt: now } }),
      ...(state.missed === undefined ? {} : { missed: { ...state.missed, toldAt: now } }),
    },
    alert: { kind: kindOf, severity, subjects: listed, moreSubjects: more },
  };
}

/** Told before and neither fine again nor among the news. */
function stillBad(state: JobState, news: readonly AlertSubject[]): AlertSubject[] {
  const isNews = new Set(news.map(({ subject, code }) => JSON.stringify([subject, code])));
  const still: AlertSubject[] = [];
  for (const { told, verdicts, since } of state.subjects.values()) {
    if (told.length === 0) continue;
    for (const verdict of verdicts) {
      if (isNews.has(JSON.stringify([verdict.subject, verdict.code]))) continue;
      still.push({ ...verdict, change: 'still', since: isoTime(since) });
    }
  }
  for (const [code, condition] of [
    ['stuck', state.stuck],
    ['missed', state.missed],
  ] as const) {
    if (condition === undefined || isNews.has(JSON.stringify([state.job, code]))) continue;
    const { since, message } = condition;
    still.push({ status: 'critical', subject: state.job, code, message, change: 'still', since: isoTime(since) });
  }
  return still;
}

/**
 * The reader knows now how it is. What was worse before is forgotten, so that it is news when it comes back; what is as
 * bad was told and stays so, or a host that is unreachable and broken in turn would be news at every run.
 */
function markTold(subjects: JobState['subjects']): JobState['subjects'] {
  const marked = new Map<string, SubjectState>();
  for (const [subject, each] of subjects) {
    const current = each.verdicts.map(({ status, code }) => ({ status, code }));
    const worst = Math.max(...current.map(({ status }) => rankOf(status)));
    const before = each.told.filter(
      ({ status, code }) =>
        rankOf(status) <= worst && !current.some((now) => now.status === status && now.code === code),
    );
    const told = [...before, ...current].slice(-mostCodes);
    marked.set(subject, each.told.length === 0 ? each : { ...each, told });
  }
  return marked;
}

/** The news have their places before what is known already. */
function list(subjects: readonly AlertSubject[]): { listed: AlertSubject[]; more: number } {
  const news = subjects.filter(({ change }) => change !== 'still');
  const still = subjects.filter(({ change }) => change === 'still');
  const listed = [...news.toSorted(compare), ...still.toSorted(compare)].slice(0, mostListed).toSorted(compare);
  return { listed, more: subjects.length - listed.length };
}

function compare(one: AlertSubject, other: AlertSubject): number {
  return (
    changeOrder.indexOf(groupOf(one)) - changeOrder.indexOf(groupOf(other)) ||
    worstFirst.indexOf(one.status) - worstFirst.indexOf(other.status)
  );
}

/** What is new in any way stands together, the worst first. */
function groupOf({ change }: AlertSubject): AlertSubject['change'] {
  return change === 'worse' || change === 'event' ? 'new' : change;
}

function kindOfSubjects(job: string, subjects: readonly AlertSubject[]): AlertKind {
  const fresh = subjects.filter((each) => groupOf(each) === 'new');
  if (fresh.some(({ subject, change }) => subject === job && change !== 'event')) return 'failed';
  if (fresh.length > 0) return 'findings';
  return subjects.some(({ change }) => change === 'still') ? 'still-failing' : 'recovered';
}

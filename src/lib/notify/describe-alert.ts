import { formatDuration } from '../quantity/duration.ts';
import { formatSize } from '../quantity/size.ts';
import type { Verdict } from '../results/verdict.ts';
import { printable } from '../text/printable.ts';
import type { Alert, AlertRun, AlertSubject } from './alert.ts';
import { clipText } from './clip-text.ts';

/** What an alert says, in words that are harmless lines of bounded length: what every renderer is made from. */
export interface AlertDescription {
  title: string;
  severity: Verdict['status'];
  /** The first sentence: what kind of alert it is. */
  summary: string;
  /** Worst first. */
  subjects: readonly SubjectDescription[];
  more: number;
  /** Of the run: what and what it was. */
  facts: readonly (readonly [name: string, value: string])[];
}

export interface SubjectDescription {
  status: Verdict['status'];
  subject: string;
  message: string;
  hint?: string;
  /** Such as `new`, or `since 2026-11-20 22:46:32 UTC`. */
  change: string;
}

const longestTitle = 200;
const longestMessage = 1000;

/** The words of an alert, without the output. Pure. */
export function describeAlert(alert: Alert): AlertDescription {
  const { severity, subjects, moreSubjects, run } = alert;
  return {
    title: oneLine(alert.title, longestTitle),
    severity,
    summary: summaryOf(alert),
    subjects: subjects.toSorted((a, b) => rank[b.status] - rank[a.status]).map(describeSubject),
    more: moreSubjects,
    facts: [
      ['job', oneLine(alert.job, longestTitle)],
      ['host', oneLine(alert.host, longestTitle)],
      ...(run === undefined ? [] : factsOf(run)),
    ],
  };
}

/** Text from outside as one harmless line of at most about `most` characters. */
export function oneLine(text: string, most: number): string {
  // Cut before as well, or a megabyte would be escaped for nothing.
  return clipText(printable(clipText(text, most)), most);
}

/** As Nagios orders them: what could not be told may be as bad as anything, but is not known to be. */
const rank: Readonly<Record<Verdict['status'], number>> = { critical: 3, unknown: 2, warning: 1, ok: 0 };

function summaryOf({ kind, severity, subjects }: Alert): string {
  switch (kind) {
    case 'failed':
      return severity === 'warning' ? 'The job ended with a warning.' : 'The job failed.';
    case 'findings':
      return 'The job found something that is new or worse than before.';
    case 'still-failing':
      return subjects.some(({ change }) => change === 'recovered')
        ? 'A part of it is well again, the rest is not.'
        : 'This is a reminder: it is still not well.';
    case 'recovered':
      return 'What was told before is well again.';
    case 'missed':
      return 'The job had no good run for longer than it should.';
    case 'stuck':
      return 'The job was skipped several times in a row, because the run before it has not ended.';
    case 'test':
      return 'This is a test. Nothing is wrong.';
  }
}

function describeSubject({ status, subject, message, hint, change, since }: AlertSubject): SubjectDescription {
  return {
    status,
    subject: oneLine(subject, 300),
    message: oneLine(message, longestMessage),
    ...(hint === undefined || hint === '' ? {} : { hint: oneLine(hint, longestMessage) }),
    change: changeOf(change, momentOf(since)),
  };
}

function changeOf(change: AlertSubject['change'], since: string): string {
  switch (change) {
    case 'new':
      return 'new';
    case 'worse':
      return `worse, not ok since ${since}`;
    case 'still':
      return `not ok since ${since}`;
    case 'recovered':
      return `recovered, was not ok since ${since}`;
    case 'event':
      return `at ${since}`;
  }
}

function factsOf(run: AlertRun): [string, string][] {
  const facts: [string, string][] = [
    ['ended', oneLine(run.ended, longestMessage)],
    ['started', momentOf(run.startedAt)],
  ];
  const seconds = (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000;
  if (seconds >= 0) facts.push(['took', formatDuration(seconds)]);
  if (run.attempts > 1) facts.push(['attempts', String(run.attempts)]);
  if (run.logFile !== undefined) facts.push(['log', oneLine(run.logFile, longestMessage)]);
  if (run.outputBytes !== undefined) facts.push(['output', formatSize(run.outputBytes)]);
  facts.push(['run', oneLine(run.id, longestTitle)]);
  return facts;
}

/** `2026-11-20 22:46:32 UTC`; what is no such time stays as it is. */
function momentOf(rfc3339: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z$/.exec(rfc3339);
  return parts === null ? oneLine(rfc3339, 60) : `${parts[1]} ${parts[2]} UTC`;
}

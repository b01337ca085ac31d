import type { Alert, AlertSubject } from './alert.ts';
import { oneLine } from './describe-alert.ts';

/** What a title is made from. */
export type TitleParts = Pick<Alert, 'kind' | 'severity' | 'job' | 'host' | 'subjects' | 'moreSubjects' | 'run'>;

const longestTitle = 200;

/**
 * The title of an alert, which is the subject of its mail: one line of at most 200 characters that begins with what
 * matters, because a phone shows the first forty: `FAILED backup-db on web1: exit code 3`.
 */
export function alertTitle(parts: TitleParts): string {
  const head = `${wordOf(parts)} ${oneLine(parts.job, 80)} on ${oneLine(parts.host, 40)}`;
  const reason = reasonOf(parts, longestTitle - head.length - 2);
  return reason === '' ? head : `${head}: ${reason}`;
}

function wordOf({ kind, severity }: TitleParts): string {
  switch (kind) {
    case 'failed':
      return severity === 'warning' ? 'WARNING' : 'FAILED';
    case 'findings':
      return severity === 'ok' ? 'OK' : severity.toUpperCase();
    case 'still-failing':
      return severity === 'warning' ? 'STILL WARNING' : 'STILL FAILING';
    case 'recovered':
      return 'RECOVERED';
    case 'missed':
      return 'MISSED';
    case 'stuck':
      return 'STUCK';
    case 'test':
      return 'TEST';
  }
}

/** Of several subjects the one it is about, and how many there are besides. */
function reasonOf(parts: TitleParts, most: number): string {
  const { kind, subjects, moreSubjects, run, job } = parts;
  const first = leading(parts);
  if (first === undefined) return kind === 'recovered' || kind === 'test' ? '' : oneLine(run?.ended ?? '', most);
  // A job without verdicts is its own subject, which the title has named already.
  const what = first.subject === job ? first.message : `${first.subject}: ${first.message}`;
  const well = kind === 'recovered' ? 0 : subjects.filter(({ change }) => change === 'recovered').length;
  const others = subjects.length - 1 + moreSubjects - well;
  const remarks = [others > 0 ? `and ${others} more` : '', well > 0 ? `${well} recovered` : ''].filter(Boolean);
  const remark = remarks.length === 0 ? '' : ` (${remarks.join(', ')})`;
  return oneLine(what, most - remark.length) + remark;
}

/** A job that failed, is stuck or missed is about itself, whatever else there is to tell. */
function leading({ kind, subjects, job }: TitleParts): AlertSubject | undefined {
  const own = subjects.filter(({ subject, change }) => subject === job && change !== 'recovered');
  if (kind === 'missed' || kind === 'stuck') return own.find(({ code }) => code === kind) ?? subjects[0];
  if (kind === 'failed') return own[0] ?? subjects[0];
  return subjects[0];
}

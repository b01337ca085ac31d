import { formatDuration } from '../quantity/duration.ts';
import type { Verdict } from '../results/verdict.ts';
import { spoolFolder } from '../spool/spool-folder.ts';
import { waiting } from '../spool/waiting.ts';
import type { Account } from '../state/directories.ts';

/** What waits to be told, of all jobs together. */
export interface AlertsStatus {
  kind: 'alerts';
  /** Messages that wait to be delivered. */
  waiting: number;
  /** How long the oldest has waited, in seconds. */
  oldestSeconds?: number;
  /** Messages that can never be delivered, and are kept below `spool/dead` of the state folder. */
  dead: number;
  /** Files in the spool that cannot be read. */
  unreadable: number;
}

/** From then on somebody has to look: a mail server is seldom away for longer. */
const tooLongSeconds = 3600;

/** `now`: Unix time in seconds. Nothing is changed. */
export function alertsStatus(account: Account, now: number): AlertsStatus {
  const { count, oldestSeconds, dead, unreadable } = waiting(spoolFolder(account), now);
  return {
    kind: 'alerts',
    waiting: count,
    ...(oldestSeconds === undefined ? {} : { oldestSeconds }),
    dead,
    unreadable,
  };
}

export function alertsVerdict(status: AlertsStatus): Verdict {
  const { waiting: count, oldestSeconds = 0, dead, unreadable } = status;
  const late = oldestSeconds > tooLongSeconds;
  const verdict = { subject: 'alerts', message: describeAlerts(status) };
  if (late) return { ...verdict, status: 'critical', code: 'waiting', hint: 'see why: devops notify flush --all' };
  if (unreadable > 0) return { ...verdict, status: 'unknown', code: 'unreadable' };
  if (dead > 0)
    return {
      ...verdict,
      status: 'warning',
      code: 'dead',
      hint: 'read them and remove them: spool/dead below the state folder',
    };
  return { ...verdict, status: 'ok', code: count > 0 ? 'waiting' : 'none' };
}

/** One line. */
export function describeAlerts({ waiting: count, oldestSeconds, dead, unreadable }: AlertsStatus): string {
  const parts = [count === 0 ? 'no alert waits' : `${count} ${count === 1 ? 'alert waits' : 'alerts wait'}`];
  if (oldestSeconds !== undefined) parts.push(`the oldest for ${formatDuration(oldestSeconds)}`);
  if (dead > 0) parts.push(`${dead} could not be delivered at all`);
  if (unreadable > 0) parts.push(`${unreadable} cannot be read`);
  return parts.join(', ');
}

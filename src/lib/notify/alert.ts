import type { Verdict } from '../results/verdict.ts';

/** Why somebody is told. */
export type AlertKind =
  | 'failed'
  /** A new subject, or one that is worse than what was told. */
  | 'findings'
  /** The reminder. */
  | 'still-failing'
  | 'recovered'
  /** The last good run is older than `expect.max_age`. */
  | 'missed'
  /** Skipped several times in a row because the one before still runs. */
  | 'stuck'
  | 'test';

/** What is told about one job at one time. It waits on disk as JSON until it is delivered, so it is whole in itself. */
export interface Alert {
  /** A UUID: the same for every try to deliver it. */
  id: string;
  kind: AlertKind;
  /** Worst of what is told; `ok` when all of it is good news. */
  severity: Verdict['status'];
  job: string;
  host: string;
  /** One line without a line end: the subject of the mail. */
  title: string;
  /** What is told, worst first; at most 200, the others are counted by `moreSubjects`. */
  subjects: readonly AlertSubject[];
  moreSubjects: number;
  /** Absent where there was no run: `missed`, `stuck`, `test`. */
  run?: AlertRun;
}

export interface AlertSubject extends Verdict {
  change: 'new' | 'worse' | 'still' | 'recovered' | 'event';
  /** RFC 3339 in UTC: since when it is not ok, or when the event was found. */
  since: string;
}

export interface AlertRun {
  id: string;
  /** RFC 3339 in UTC. */
  startedAt: string;
  endedAt: string;
  exitCode: number;
  /** One line: how it ended, such as `timed out after 2h`. */
  ended: string;
  attempts: number;
  /** The whole output on the machine of the job. */
  logFile?: string;
  /** Its beginning and end with secrets masked, at most 256 KiB. */
  output?: string;
  outputBytes?: number;
}

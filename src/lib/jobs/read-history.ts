import { openHistory } from './history-files.ts';
import type { JobRun, JobRunState } from './job-run.ts';
import { linesFromEnd } from './lines-from-end.ts';

const longestLine = 64 * 1024;
/** A history that is larger was never rotated. */
const mostRuns = 100_000;

const states: Record<JobRunState, true> = {
  ok: true,
  warning: true,
  failed: true,
  'timed-out': true,
  interrupted: true,
  skipped: true,
  busy: true,
};

export interface History {
  /** Newest last. */
  runs: JobRun[];
  /** Lines on the way that are torn, or that something else wrote. */
  broken: number;
}

/** The last runs of a job, at most 100,000. Only so much is read as is needed. Throws UserError when that fails. */
export function readHistory(folder: string, { last = mostRuns }: { last?: number | undefined } = {}): History {
  const history: History = { runs: [], broken: 0 };
  const most = Math.min(last, mostRuns);
  for (const run of runsFromEnd(folder)) {
    if (history.runs.length >= most) break;
    if (run === undefined) history.broken++;
    else history.runs.push(run);
  }
  history.runs.reverse();
  return history;
}

/** As readHistory, without what is broken. */
export function readRuns(folder: string, options: { last?: number | undefined } = {}): JobRun[] {
  return readHistory(folder, options).runs;
}

/** The last run that `isWanted`; undefined when there is none. */
export function lastRun(folder: string, isWanted: (run: JobRun) => boolean = () => true): JobRun | undefined {
  for (const run of runsFromEnd(folder)) if (run !== undefined && isWanted(run)) return run;
  return undefined;
}

/** Newest first; undefined for a line that is no run. */
function* runsFromEnd(folder: string): Generator<JobRun | undefined> {
  for (const { descriptor } of openHistory(folder)) {
    for (const line of linesFromEnd(descriptor, longestLine)) yield line === undefined ? undefined : parseRun(line);
  }
}

function parseRun(line: string): JobRun | undefined {
  let stored: unknown;
  try {
    stored = JSON.parse(line);
  } catch {
    return undefined;
  }
  const run = Object(stored) as Partial<Record<string, unknown>>;
  return isRun(run) ? (run as unknown as JobRun) : undefined;
}

function isRun(run: Partial<Record<string, unknown>>): boolean {
  return (
    ['job', 'runId', 'ended'].every((name) => typeof run[name] === 'string') &&
    ['startedAt', 'endedAt'].every((name) => Number.isFinite(Date.parse(String(run[name])))) &&
    ['durationSeconds', 'exitCode', 'attempts', 'findings', 'alerts', 'suppressed'].every((name) =>
      Number.isFinite(run[name]),
    ) &&
    ['logFile', 'heldBy'].every((name) => run[name] === undefined || typeof run[name] === 'string') &&
    typeof run['complete'] === 'boolean' &&
    typeof run['state'] === 'string' &&
    Object.hasOwn(states, run['state'])
  );
}

import type { Status, Verdict } from '../results/verdict.ts';

/** What a job remembers between its runs, so that somebody is told of what changes only. Times are Unix time in seconds. */
export interface JobState {
  job: string;
  /** Since when anything is remembered; a job that never ran well is missed from then on. */
  createdAt: number;
  lastGoodAt?: number | undefined;
  /** Of the last message about this job, whatever it told. */
  toldAt?: number | undefined;
  /** Runs in a row with something critical or unknown, or warnings where the policy takes them for as bad. */
  failures: number;
  /** Runs in a row with anything that is not ok. */
  notOk: number;
  /** Starts in a row that found the one before still running. */
  skips: number;
  stuck?: Condition | undefined;
  missed?: Condition | undefined;
  /** What is not ok, by subject. */
  subjects: ReadonlyMap<string, SubjectState>;
  /** By subject, when an event of it was told last: the beginning of its reminder window. */
  eventsTold: ReadonlyMap<string, { at: number; status: Status }>;
  /** Events that wait for the next message, the oldest first. */
  collected: readonly CollectedEvent[];
}

/** Something about the job as such that was told and goes on. */
export interface Condition {
  since: number;
  message: string;
  toldAt: number;
}

export interface SubjectState {
  since: number;
  /** What is not ok about it, one for each code. */
  verdicts: readonly Verdict[];
  /** What was told of it since then; empty while it waits for `failAfter`. */
  told: readonly Pick<Verdict, 'status' | 'code'>[];
}

export interface CollectedEvent {
  at: number;
  verdict: Verdict;
}

/** More subjects than this become one, and are counted. */
export const mostSubjects = 10_000;
/** When there are more, they are told before the window ends: none is dropped. */
export const mostCollected = 1000;
/** Of one subject. */
export const mostCodes = 50;

export function newJobState(job: string, now: number): JobState {
  return {
    job,
    createdAt: now,
    failures: 0,
    notOk: 0,
    skips: 0,
    subjects: new Map(),
    eventsTold: new Map(),
    collected: [],
  };
}

/** `unknown` weighs as much as `critical`: somebody has to look in both cases. */
export function rankOf(status: Status): number {
  return { ok: 0, warning: 1, critical: 2, unknown: 2 }[status];
}

/**
 * Whether a window that began at `since` is over. A clock that was set back would make it last for ever, so a beginning
 * in the future counts as over: one message too many instead of none.
 */
export function isOver(since: number, lengthSeconds: number, now: number): boolean {
  return now < since || now - since >= lengthSeconds;
}

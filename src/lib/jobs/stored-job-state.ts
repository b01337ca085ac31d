import type { Status, Verdict } from '../results/verdict.ts';
import { mostSubjects } from './job-state.ts';
import type { CollectedEvent, Condition, JobState, SubjectState } from './job-state.ts';
import { isRecord } from '../state/versioned-file.ts';

/** What version 1 of a state file says; undefined when anything in it is not as we write it. */
export function readStoredState(stored: Record<string, unknown>, job: string): JobState | undefined {
  try {
    return {
      job,
      createdAt: time(stored['createdAt']),
      lastGoodAt: optional(stored['lastGoodAt'], time),
      toldAt: optional(stored['toldAt'], time),
      failures: count(stored['failures']),
      notOk: count(stored['notOk']),
      skips: count(stored['skips']),
      stuck: optional(stored['stuck'], condition),
      missed: optional(stored['missed'], condition),
      subjects: map(stored['subjects'], subjectState),
      eventsTold: map(stored['eventsTold'], (value) => {
        const { at, status: told } = record(value);
        return { at: time(at), status: status(told) };
      }),
      collected: list(stored['collected']).map((value): CollectedEvent => {
        const { at, verdict: event } = record(value);
        return { at: time(at), verdict: verdict(event) };
      }),
    };
  } catch (error) {
    if (error instanceof NotOurs) return undefined;
    throw error;
  }
}

class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

/** The last second that a Date can tell. */
const lastTime = 8_640_000_000_000;

function time(value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= lastTime)) throw new NotOurs();
  return value;
}

function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new NotOurs();
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new NotOurs();
  return value;
}

function status(value: unknown): Status {
  if (value !== 'ok' && value !== 'warning' && value !== 'critical' && value !== 'unknown') throw new NotOurs();
  return value;
}

function record(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw new NotOurs();
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new NotOurs();
  return value;
}

function optional<Value>(value: unknown, read: (value: unknown) => Value): Value | undefined {
  return value === undefined ? undefined : read(value);
}

function map<Value>(value: unknown, read: (value: unknown) => Value): Map<string, Value> {
  const entries = list(value);
  // With room for what is counted together.
  if (entries.length > 2 * mostSubjects) throw new NotOurs();
  return new Map(
    entries.map((entry) => {
      const [key, each] = list(entry);
      return [text(key), read(each)];
    }),
  );
}

function condition(value: unknown): Condition {
  const { since, message, toldAt } = record(value);
  return { since: time(since), message: text(message), toldAt: time(toldAt) };
}

function subjectState(value: unknown): SubjectState {
  const { since, verdicts, told } = record(value);
  const read = list(verdicts).map(verdict);
  // One that is ok is not kept.
  if (read.length === 0) throw new NotOurs();
  return {
    since: time(since),
    verdicts: read,
    told: list(told).map((each) => {
      const { status: how, code } = record(each);
      return { status: status(how), code: text(code) };
    }),
  };
}

function verdict(value: unknown): Verdict {
  const { status: how, subject, code, message, hint, event } = record(value);
  return {
    status: status(how),
    subject: text(subject),
    code: text(code),
    message: text(message),
    ...(hint === undefined ? {} : { hint: text(hint) }),
    ...(event === undefined ? {} : { event: text(event) }),
  };
}

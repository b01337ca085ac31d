import type { Verdict } from '../results/verdict.ts';
import { meantExitCode } from './attempt.ts';
import type { Attempt } from './attempt.ts';

/** What all attempts together say. */
export interface MergedJudgements {
  verdicts: Verdict[];
  /** Of the events, how many only an earlier attempt found: the last one's exit code knows nothing of them. */
  earlierEvents: number;
}

/**
 * Events of all attempts, each once: a line of a log that the first attempt found is not found again by the second. All
 * other subjects are as the last attempt says that told of them; one that told everything there is puts all before it
 * aside.
 */
export function mergeJudgements(attempts: readonly Attempt[]): MergedJudgements {
  const events = new Map<string, { verdict: Verdict; attempt: number }>();
  let bySubject = new Map<string, Verdict[]>();
  for (const [index, attempt] of attempts.entries()) {
    const told = new Map<string, Verdict[]>();
    for (const verdict of attempt.judgements?.verdicts ?? []) {
      const { event, subject } = verdict;
      if (event !== undefined && verdict.status !== 'ok') {
        events.set(eventIdentity(verdict), { verdict, attempt: index });
        continue;
      }
      const group = told.get(subject);
      if (group === undefined) told.set(subject, [verdict]);
      else group.push(verdict);
    }
    bySubject = toldAll(attempt) ? told : new Map([...bySubject, ...told]);
  }
  const verdicts = [...bySubject.values()].flat();
  for (const { verdict } of events.values()) verdicts.push(verdict);
  const last = attempts.length - 1;
  const earlierEvents = [...events.values()].filter(({ attempt }) => attempt !== last).length;
  return { verdicts, earlierEvents };
}

/** By this two findings are the same one: an identity is unique within its subject. */
export function eventIdentity({ subject, event }: Pick<Verdict, 'subject' | 'event'>): string {
  return JSON.stringify([subject, event]);
}

/** Whether a subject that an attempt did not name is no longer there, instead of not looked at. */
export function toldAll(attempt: Attempt): boolean {
  const { judgements } = attempt;
  if (judgements?.end === undefined || judgements.end.failure !== undefined || judgements.more > 0) return false;
  const code = meantExitCode(attempt);
  return code === 0 || code === 1;
}

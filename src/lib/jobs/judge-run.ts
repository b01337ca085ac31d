import { exitStatusOf } from '../shell/exit-status.ts';
import type { Verdict } from '../results/verdict.ts';
import { meantExitCode, timedOut, wasInterrupted } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { checkExpectations } from './expectations.ts';
import type { RunFacts } from './expectations.ts';
import type { ExitMapping, Expectations } from './job.ts';
import type { JobRunState } from './job-run.ts';
import { mergeJudgements, toldAll } from './merge-judgements.ts';
import { endedWords, ownVerdict } from './own-verdict.ts';

/** What became of a run, for the history, the exit code and the alerts. */
export interface JudgedRun {
  state: JobRunState;
  /** What `devops run` answers. */
  exitCode: number;
  /** One line: how it ended. */
  ended: string;
  /** Of the job itself, and of all that it judged. */
  verdicts: Verdict[];
  /** The job did all that it had to: what it was asked to judge and did not name is no longer there. */
  complete: boolean;
}

export interface RunToJudge {
  job: string;
  /** A command of ours. */
  isDevops: boolean;
  attempts: readonly [Attempt, ...Attempt[]];
  exit: ExitMapping;
  expect: Expectations;
  /** For the words only. */
  timeoutSeconds?: number | undefined;
  /** Of the last attempt, where `expect.outputMatches` is set. */
  output?: RunFacts['output'];
}

/** Makes one judgement of all attempts of a run. A job that judges nothing has one subject, itself. */
export function judgeRun({ job, isDevops, attempts, exit, expect, timeoutSeconds, output }: RunToJudge): JudgedRun {
  const last = attempts.at(-1)!;
  const words = endedWords(last, timeoutSeconds);
  const own = ownVerdict(job, last, { exit, isDevops, ended: words });
  const code = meantExitCode(last);
  const skipped = code !== undefined && !exit.ok.includes(code) && exit.skip.includes(code);
  const merged = mergeJudgements(attempts);
  const endedWell = own === undefined || (own.status === 'warning' && code !== undefined);
  const broken =
    endedWell && !skipped ? checkExpectations(job, expect, { durationSeconds: last.durationSeconds, output }) : [];
  const ours = [...(own === undefined ? [] : [own]), ...broken];
  const complete = endedWell && !skipped && broken.length === 0 && (last.judgements === undefined || toldAll(last));
  const ended = [words, ...broken.map(({ message }) => message)].join(', but ');
  // An ok of the job beside subjects that say all would only be noise.
  if (ours.length === 0 && (merged.verdicts.length === 0 || !complete) && !skipped) {
    ours.push({ status: 'ok', subject: job, code: 'ok', message: words });
  }
  const verdicts = [...ours, ...merged.verdicts];
  const state = stateOf(last, skipped, verdicts);
  const exitCode = exitCodeOf(last, {
    state,
    exit,
    amiss: !endedWell || broken.length > 0 || merged.earlierEvents > 0,
  });
  return { state, exitCode, ended, verdicts, complete };
}

function stateOf(last: Attempt, skipped: boolean, verdicts: readonly Verdict[]): JobRunState {
  if (wasInterrupted(last)) return 'interrupted';
  if (timedOut(last)) return 'timed-out';
  if (verdicts.some(({ status }) => status === 'critical' || status === 'unknown')) return 'failed';
  if (verdicts.some(({ status }) => status === 'warning')) return 'warning';
  return skipped ? 'skipped' : 'ok';
}

/** The job's own, but never 0 for a run that is not good, and 0 for what the mapping calls good. */
function exitCodeOf(
  last: Attempt,
  { state, exit, amiss }: { state: JobRunState; exit: ExitMapping; amiss: boolean },
): number {
  const status = exitStatusOf(last);
  const code = meantExitCode(last);
  if (code === undefined) return status;
  if (state === 'skipped') return 75;
  const answer = exit.ok.includes(code) ? 0 : status;
  const isBad = amiss || (state === 'failed' && !exit.ok.includes(code));
  return answer === 0 && isBad ? 1 : answer;
}

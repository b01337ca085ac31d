import { exitStatusOf } from '../shell/exit-status.ts';
import { meantExitCode, timedOut, wasInterrupted } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import type { ExitMapping, RetryPolicy } from './job.ts';

export interface RetryQuestion {
  /** A command of ours, whose exit codes are known. */
  isDevops: boolean;
  policy: RetryPolicy;
  exit: ExitMapping;
  /** How many attempts there were, the one that has just ended included. */
  attempt: number;
}

/**
 * Whether the job is tried once more. A command of ours is on 2, unless that is a mistake of usage or configuration
 * which stays one, on 75 and after a timeout, never on 1: an answer is not asked for again. Another program is whatever
 * its status, but for 126 and 127 and for what the exit mapping does not call a failure. `policy.on` replaces all of
 * that; an interrupted run is never tried again.
 */
export function shouldRetry(ended: Attempt, { isDevops, policy, exit, attempt }: RetryQuestion): boolean {
  if (attempt >= policy.attempts || wasInterrupted(ended)) return false;
  const isTimeout = timedOut(ended);
  const status = meantExitCode(ended) ?? exitStatusOf(ended);
  if (policy.on !== undefined) return policy.on.includes(status) || (isTimeout && policy.on.includes('timeout'));
  if (isTimeout) return true;
  if (isDevops) return isDevopsWorthIt(ended, status);
  if (status === 126 || status === 127) return false;
  return ![exit.ok, exit.warning, exit.skip].some((codes) => codes.includes(status));
}

function isDevopsWorthIt({ end, judgements }: Attempt, status: number): boolean {
  if (end.kind !== 'exited') return false;
  if (status === 75 || status === 124) return true;
  const failure = judgements?.end?.failure;
  return status === 2 && failure !== 'usage' && failure !== 'config';
}

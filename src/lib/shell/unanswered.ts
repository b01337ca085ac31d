import type { ProgramEnd } from './program-result.ts';

type CutOffEnd = Extract<ProgramEnd, { kind: 'timed-out' | 'aborted' | 'abandoned' }>;

/**
 * The failure of a program that was cut off before it answered; its `code` is ETIMEDOUT, as of a system call. `program`
 * begins the message, where the place that shows it does not name it.
 */
export function unanswered(end: CutOffEnd, timeoutSeconds: number, program?: string): Error {
  const reason = end.kind === 'abandoned' ? end.reason : end.kind;
  const message =
    reason === 'aborted' ? 'had not answered when the run ended' : `did not answer within ${timeoutSeconds}s`;
  return Object.assign(new Error(program === undefined ? message : `${program} ${message}`), { code: 'ETIMEDOUT' });
}

import type { Verdict } from '../results/verdict.ts';

/**
 * Where the number of the descriptor stands on which a command of ours tells the job that runs it what it judged, one
 * JSON object a line. It is a file and no pipe: what was judged is still there when the job itself was killed. Only
 * judgements go this way, so no command knows of jobs, and its output stays what it is. `none` where no file can be had.
 */
export const jobChannelVariable = 'DEVOPS_JOB_CHANNEL';

/** One line: a judgement, or how the run ended; `exitCode` is as without -o nagios, `failure` a word of UserErrorCode. */
export type JobMessage = { verdict: Verdict } | { end: { exitCode: number; failure?: string } };

/** What a line of the channel says; undefined for one that nobody of ours wrote. */
export function readJobMessage(line: string): JobMessage | undefined {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { verdict, end }: { verdict?: Partial<Verdict>; end?: { exitCode?: unknown; failure?: unknown } } =
    Object(message);
  if (isVerdict(verdict)) return { verdict };
  if (end === undefined || !Number.isInteger(end.exitCode)) return undefined;
  const exitCode = Number(end.exitCode);
  return { end: typeof end.failure === 'string' ? { exitCode, failure: end.failure } : { exitCode } };
}

const statuses: readonly unknown[] = ['ok', 'warning', 'critical', 'unknown'];

function isVerdict(verdict: Partial<Verdict> | undefined): verdict is Verdict {
  if (verdict === undefined || !statuses.includes(verdict.status)) return false;
  return [verdict.subject, verdict.code, verdict.message].every((text) => typeof text === 'string');
}

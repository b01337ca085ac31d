import { formatDuration } from '../quantity/duration.ts';
import type { Verdict } from '../results/verdict.ts';
import { meantExitCode } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import type { ExitMapping } from './job.ts';

/** One line: how an attempt ended. */
export function endedWords({ end, killed, durationSeconds, judgements }: Attempt, timeoutSeconds?: number): string {
  switch (end.kind) {
    case 'exited': {
      const failure = judgements?.end?.failure;
      return `exit code ${end.code}${failure === undefined ? '' : ` (${failure})`}`;
    }
    case 'signalled':
      return `ended by ${end.signal}`;
    case 'timed-out':
      return `timed out after ${formatDuration(timeoutSeconds ?? durationSeconds)}${killed ? ', KILL was needed' : ''}`;
    case 'aborted':
      return `interrupted by ${end.signal}`;
    case 'abandoned': {
      const what = end.reason === 'timed-out' ? 'timed out' : `interrupted by ${end.signal}`;
      return `${what}, but process ${end.pid} could not be ended`;
    }
    case 'not-started':
      return end.message;
  }
}

/**
 * What the end of an attempt means for the job itself, beside what it told of its subjects; undefined when it is fine or
 * when the judgements say all of it. `ended`: see endedWords.
 */
export function ownVerdict(
  job: string,
  attempt: Attempt,
  options: { exit: ExitMapping; isDevops: boolean; ended: string },
): Verdict | undefined {
  const { end, judgements } = attempt;
  const { exit, isDevops, ended } = options;
  // A command of ours that did not come to its end has not told all: unknown. Of another program it is just a failure.
  const cutShort = isDevops ? 'unknown' : 'critical';
  const verdict = (status: Verdict['status'], code: string): Verdict => ({
    status,
    subject: job,
    code,
    message: ended,
  });
  switch (end.kind) {
    case 'signalled':
      return verdict(cutShort, end.signal.toLowerCase());
    case 'timed-out':
      return verdict(cutShort, 'timed-out');
    case 'aborted':
      return verdict('unknown', 'interrupted');
    case 'abandoned':
      return end.reason === 'timed-out' ? verdict(cutShort, 'timed-out') : verdict('unknown', 'interrupted');
    case 'not-started':
      return verdict('critical', end.code === 'failed' ? 'not-started' : end.code);
    case 'exited':
      break;
  }
  if (judgements !== undefined && judgements.more > 0) {
    return { ...verdict('unknown', 'too-many'), message: `${ended}; ${judgements.more} judgements were not read` };
  }
  const code = meantExitCode(attempt)!;
  if (exit.ok.includes(code) || exit.skip.includes(code) || isExplained(attempt, code)) return undefined;
  if (exit.warning.includes(code)) return verdict('warning', `exit-${code}`);
  return verdict(isDevops && code === 2 ? 'unknown' : 'critical', `exit-${code}`);
}

/** Whether the judgements say why it ended so. After a failure of the command itself nothing more could be told. */
function isExplained({ judgements }: Attempt, code: number): boolean {
  if (judgements?.end === undefined || judgements.end.failure !== undefined) return false;
  if (code === 1) return judgements.verdicts.some(({ status }) => status !== 'ok');
  return code === 2 && judgements.verdicts.some(({ status }) => status === 'unknown');
}

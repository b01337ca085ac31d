import { formatDuration } from '../quantity/duration.ts';
import { quoted } from '../text/quoted.ts';
import type { Verdict } from '../results/verdict.ts';
import type { Expectations } from './job.ts';

/** What a run looked like that ended well. */
export interface RunFacts {
  durationSeconds: number;
  /** Only where `expect.outputMatches` asks for it. `whole`: all of it was searched, not only its beginning and end. */
  output?: { matches: boolean; whole: boolean } | undefined;
}

/** What a run that ended well did not keep of what is expected of it: verdicts on the job itself. */
export function checkExpectations(job: string, expect: Expectations, facts: RunFacts): Verdict[] {
  const { minSeconds, maxSeconds, outputMatches: pattern } = expect;
  const { durationSeconds, output } = facts;
  const broken: Verdict[] = [];
  const took = `took ${formatDuration(durationSeconds)}`;
  if (minSeconds !== undefined && durationSeconds < minSeconds) {
    const message = `${took}, expected were at least ${formatDuration(minSeconds)}`;
    broken.push({ status: 'critical', subject: job, code: 'too-fast', message });
  }
  if (maxSeconds !== undefined && durationSeconds > maxSeconds) {
    const message = `${took}, expected were at most ${formatDuration(maxSeconds)}`;
    broken.push({ status: 'critical', subject: job, code: 'too-slow', message });
  }
  if (pattern !== undefined && output?.matches !== true) broken.push(badOutput(job, pattern, output));
  return broken;
}

/** What was not looked at is not the same as what is not there. */
function badOutput(job: string, pattern: string, output: RunFacts['output']): Verdict {
  const code = 'output';
  if (output === undefined) {
    return {
      status: 'unknown',
      subject: job,
      code,
      message: `the output could not be searched for ${quoted(pattern)}`,
    };
  }
  if (output.whole) {
    return { status: 'critical', subject: job, code, message: `no line of the output has ${quoted(pattern)}` };
  }
  const message = `neither the beginning nor the end of the output has ${quoted(pattern)}, and it was not kept whole`;
  return {
    status: 'unknown',
    subject: job,
    code,
    message,
    hint: 'let the job print what is expected as its last line',
  };
}

/**
 * Whether a line of the output has the pattern, in the dialect of logs-grep. It takes time linear in the output, whatever
 * the pattern. Throws UserError for what is no pattern.
 */
export async function outputMatches(pattern: string, output: Buffer): Promise<boolean> {
  // The dialect takes milliseconds to load, and few jobs ask for it.
  const { compilePatterns } = await import('../logs/pattern/compile-patterns.ts');
  const compiled = compilePatterns([pattern]);
  for (let start = 0; start < output.length;) {
    const lineFeed = output.indexOf(0x0a, start);
    const end = lineFeed === -1 ? output.length : lineFeed;
    if (compiled.matches(output, start, end)) return true;
    start = end + 1;
  }
  return false;
}

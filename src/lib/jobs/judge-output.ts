import { readFileSync, statSync } from 'node:fs';
import { outputMatches } from './expectations.ts';
import type { RunFacts } from './expectations.ts';
import type { JobOutput } from './job-output.ts';

/** Of a larger output only this much is searched, half at its beginning and half at its end. */
const mostBytes = 64 * 1024 * 1024;

/** Whether the output has what is expected of it; undefined when nothing is. */
export async function judgeOutput(pattern: string | undefined, output: JobOutput): Promise<RunFacts['output']> {
  if (pattern === undefined) return undefined;
  const { logFile } = output;
  if (logFile !== undefined && statSync(logFile).size <= mostBytes) {
    return { matches: await outputMatches(pattern, readFileSync(logFile)), whole: true };
  }
  const { text, omittedBytes } = await output.read({ headBytes: mostBytes / 2, tailBytes: mostBytes / 2 });
  return { matches: await outputMatches(pattern, Buffer.from(text)), whole: omittedBytes === 0 };
}

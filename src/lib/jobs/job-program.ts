import { basename } from 'node:path';

/** What is started for a job. */
export interface JobProgram {
  argv: readonly [string, ...string[]];
  /** One of ours, which tells what it judged. */
  isDevops: boolean;
}

/**
 * `devops` alone is this very program, wherever PATH leads. Nobody is there to answer its questions, so it may not ask.
 */
export function jobProgram(
  [program, ...words]: readonly [string, ...string[]],
  self: readonly [string, ...string[]],
): JobProgram {
  if (program === 'devops') return { argv: [...self, '--no-input', ...words], isDevops: true };
  if (basename(program) === 'devops') return { argv: [program, '--no-input', ...words], isDevops: true };
  return { argv: [program, ...words], isDevops: false };
}

import { UserError } from '../errors/user-error.ts';
import { parseDuration } from '../quantity/duration.ts';
import { quoted } from '../text/quoted.ts';
import type { RetryPolicy } from './job.ts';

/**
 * Waits between attempts, as they are typed: `30s..10m` doubles from the one to the other, `1m` is always the same.
 * Throws UserError (usage) for what is neither.
 */
export function parseBackoff(text: string): RetryPolicy['backoff'] {
  const [from, to = from, ...rest] = text.split('..');
  const fromSeconds = parseDuration(from!);
  const toSeconds = parseDuration(to!);
  if (rest.length === 0 && fromSeconds <= toSeconds) return { fromSeconds, toSeconds };
  throw new UserError(`${quoted(text)} is not a range of durations`, {
    code: 'usage',
    hints: ['write the shorter wait first, such as 30s..10m'],
  });
}

import { UserError } from '../../errors/user-error.ts';
import { parseDuration } from '../../quantity/duration.ts';
import { quoted } from '../../text/quoted.ts';
import type { Threshold } from './log-rule.ts';

/** More than any log holds, and far from where numbers lose their units. */
export const largestCount = 1_000_000_000;
/** Ten years. */
const longestSeconds = 3650 * 86_400;

/**
 * A threshold as people type it: `10` (in the whole run), `10/5m` (within any five minutes) or `10/h` (within any hour).
 * Throws UserError.
 */
export function parseThreshold(text: string): Threshold {
  const parts = /^(\d{1,20})(?:\/(.*))?$/s.exec(text);
  if (parts === null) throw refusal(text);
  const count = Number(parts[1]);
  if (count < 1 || count > largestCount) throw refusal(text, `its count must be 1 to ${largestCount}`);
  if (parts[2] === undefined) return { count };
  return { count, perSeconds: parsePeriod(parts[2], text) };
}

/** The seconds of `5m`, or of `h` for one hour. `whole` is what the message names. Throws UserError. */
export function parsePeriod(text: string, whole: string): number {
  const seconds = secondsOf(/^(?:ms|[smhdw])$/.test(text) ? `1${text}` : text);
  if (seconds === undefined) throw refusal(whole);
  if (seconds < 0.001 || seconds > longestSeconds) throw refusal(whole, 'its period must be 1ms to 3650d');
  return seconds;
}

function secondsOf(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch (error) {
    // The message below knows more: what the whole should look like.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function refusal(text: string, reason?: string): UserError {
  return new UserError(`${quoted(text)} is not a threshold${reason === undefined ? '' : `: ${reason}`}`, {
    code: 'usage',
    hints: ['write a count, such as 10 for the whole run, or a count and a period, such as 10/5m or 10/h'],
  });
}

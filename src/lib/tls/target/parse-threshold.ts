import { quoted } from '../../text/quoted.ts';
import { UserError } from '../../errors/user-error.ts';
import { parseDuration } from '../../quantity/duration.ts';
import { formatThreshold } from './format-threshold.ts';
import type { Threshold, Window } from './threshold.ts';

const secondsPerDay = 86_400;

/** A quarter of the lifetime stays below the third at which automation usually renews, so that it never alarms. */
export const defaultWarn: Threshold = [{ seconds: 30 * secondsPerDay }, { percent: 25 }];
export const defaultCrit: Threshold = [{ seconds: 7 * secondsPerDay }, { percent: 10 }];

/** No certificate lives longer, and nobody types more windows than this. */
const longestDays = 100_000;
const longestText = 200;

/**
 * A comma-separated list of windows of which the smallest counts: `30d,25%`. A bare number is days, a percentage is of
 * the certificate's whole life, everything else a duration of whole seconds. `0` alone switches the threshold off.
 * Throws UserError when it cannot be read.
 */
export function parseThreshold(text: string): Threshold {
  if (text.length > longestText) throw mistake(text, `more than ${longestText} characters`);
  if (isNothing(text)) return [];
  const windows = new Map<string, Window>();
  for (const part of text.split(',')) {
    const window = parseWindow(part.trim(), text);
    windows.set(formatThreshold([window]), window);
  }
  return [...windows.values()];
}

/** A threshold of devops.yaml, where a number of days need not be text. */
export function thresholdOf(value: string | number): Threshold {
  return typeof value === 'string' ? parseThreshold(value) : value === 0 ? [] : [daysWindow(value, String(value))];
}

/** `0`, `0d`, `0.0`: what is no window, whatever its unit. */
function isNothing(text: string): boolean {
  return /^\s*0+(?:\.0+)?(?:[smhdw]|ms)?\s*$/.test(text);
}

function parseWindow(part: string, text: string): Window {
  if (part === '') throw mistake(text, 'a part of the list is empty');
  if (isNothing(part)) throw mistake(text, '0 stands alone', '0 switches the threshold off; leave it out of the list');
  const number = /^(\d+(?:\.\d+)?)(%?)$/.exec(part);
  if (number === null) return secondsWindow(secondsOf(part, text), text);
  return number[2] === '%' ? percentWindow(Number(number[1]), text) : daysWindow(Number(number[1]), text);
}

function percentWindow(percent: number, text: string): Window {
  const rounded = Math.round(percent * 1000) / 1000;
  if (rounded > 0 && percent <= 100) return { percent: rounded };
  const hint = percent > 100 ? undefined : '0 without a percent sign switches the threshold off';
  throw mistake(text, 'a percentage is more than 0 and at most 100', hint);
}

function daysWindow(days: number, text: string): Window {
  return secondsWindow(days * secondsPerDay, text);
}

/** Validity is counted in whole seconds. */
function secondsWindow(seconds: number, text: string): Window {
  if (seconds < 1) throw mistake(text, 'a window is a second at least', '0 switches the threshold off');
  if (!(seconds <= longestDays * secondsPerDay)) throw mistake(text, `a window is at most ${longestDays} days`);
  return { seconds: Math.round(seconds) };
}

function secondsOf(part: string, text: string): number {
  try {
    return parseDuration(part);
  } catch (error) {
    if (error instanceof UserError) throw mistake(text, part === text.trim() ? '' : `${quoted(part)} is no window`);
    throw error;
  }
}

function mistake(
  text: string,
  reason: string,
  hint = 'write days, durations and shares of the lifetime: 30d,25%',
): UserError {
  const why = reason === '' ? '' : `: ${reason}`;
  return new UserError(`${quoted(text)} is not a threshold${why}`, { code: 'usage', hints: [hint] });
}

import { UserError } from '../../errors/user-error.ts';
import { nearest } from '../../errors/nearest.ts';
import { bracketedFormat } from './bracketed.ts';
import { clfStamp } from './clf-stamp.ts';
import { isoStamp } from './iso-stamp.ts';
import { learnJson } from './learn-json.ts';
import { learnPlace } from './learn-place.ts';
import { createLocalClock, type LocalClock } from './local-clock.ts';
import { logfmtFormat } from './logfmt.ts';
import { parsePattern } from './parse-pattern.ts';
import { patternStamp } from './pattern-stamp.ts';
import { formatAt } from './place.ts';
import { rfc5424Format } from './rfc5424.ts';
import { stampsOf, valueStamp } from './stamps.ts';
import type { LogSample, TimeContext, TimeFormat } from './time-format.ts';

/** A format that a user named, for one file. The place of the time in its lines is learnt from a sample of them. */
export type TimeFormatMaker = (context: TimeContext, sample: LogSample) => TimeFormat;

/** The names of the formats, beside which a strptime pattern may be given. */
export const timeFormatNames: readonly string[] = [
  'iso',
  'clf',
  'syslog',
  'rfc5424',
  'klog',
  'epoch',
  'json',
  'logfmt',
];

function named(name: string, clock: LocalClock, sample: LogSample): TimeFormat {
  if (name === 'clf') return bracketedFormat(name, clfStamp(clock));
  if (name === 'rfc5424') return rfc5424Format(isoStamp(clock));
  const stamps = stampsOf(clock);
  if (name === 'json') return learnJson(valueStamp(clock, stamps), sample);
  if (name === 'logfmt') return logfmtFormat(valueStamp(clock, stamps));
  const stamp = stamps.find((one) => one.name === name)!.read;
  return formatAt(name, stamp, learnPlace(stamp, sample) ?? 'anywhere');
}

/**
 * What a user names as the format of the times: one of `timeFormatNames`, or a pattern of strptime as parsePattern
 * describes it. A pattern's time is found where most lines of the sample have it, or else anywhere in the first 200
 * bytes of a line. Throws a UserError for anything else.
 */
export function parseTimeFormat(text: string): TimeFormatMaker {
  if (timeFormatNames.includes(text)) return (context, sample) => named(text, createLocalClock(context), sample);
  if (!text.includes('%')) {
    const near = nearest(text, timeFormatNames);
    throw new UserError(`'${text}' is not a time format`, {
      code: 'usage',
      hints: [
        near === undefined
          ? `use one of ${timeFormatNames.join(', ')}, or a pattern such as '%d.%m.%Y %H:%M:%S'`
          : `did you mean '${near}'?`,
      ],
    });
  }
  const pattern = parsePattern(text);
  return (context, sample) => {
    const stamp = patternStamp(pattern, createLocalClock(context));
    return formatAt(text, stamp, learnPlace(stamp, sample) ?? 'within');
  };
}

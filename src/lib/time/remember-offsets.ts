import { endOfCalendar, type ZoneRules } from './zone-rules.ts';

/** A span of Unix time, its end excluded, in which a zone has one offset. */
interface Steady {
  from: number;
  until: number;
  offset: number;
}

export interface RememberedOffsets {
  /** Seconds east of UTC. Some nanoseconds, but for the first question about a part of the year. */
  offsetSeconds(unixSeconds: number): number;
  /** Whether the last answer is known to hold from one moment to another. */
  isSteady(from: number, until: number): boolean;
}

/**
 * Seconds, four days. Two questions that far apart cannot miss a pair of transitions between them: the closest pair of
 * the database are seven days apart (Brazil, October 2000; Gaza after 2040).
 */
const step = 4 * 86_400;
/** Half a year each way, so that a zone with summer time needs two spans a year. */
const steps = 46;
/** Of spans: 32 years. Beyond it the rules are asked each time, or a file of senseless times would cost time for each. */
const mostSpans = 64;

/** The offsets of a zone, remembered in the object returned: logs ask about neighbouring moments, a million times. */
export function rememberOffsets(rules: ZoneRules): RememberedOffsets {
  const spans: Steady[] = [];
  let last: Steady = { from: 0, until: 0, offset: 0 };

  const find = (seconds: number): number => {
    const moment = Math.floor(Math.min(Math.max(seconds, -endOfCalendar), endOfCalendar - 1));
    if (Number.isNaN(moment)) return Number.NaN;
    const known = spans.find(({ from, until }) => moment >= from && moment < until);
    if (known !== undefined) {
      last = known;
      return known.offset;
    }
    if (spans.length < mostSpans) {
      last = spanAround(moment, rules);
      spans.push(last);
    } else {
      last = { from: moment, until: moment + 1, offset: rules.offsetSeconds(moment) };
    }
    return last.offset;
  };

  return {
    offsetSeconds: (seconds) => (seconds >= last.from && seconds < last.until ? last.offset : find(seconds)),
    isSteady: (from, until) => from >= last.from && until < last.until,
  };
}

function spanAround(moment: number, rules: ZoneRules): Steady {
  const offset = rules.offsetSeconds(moment);
  return { from: lastSame(moment, -step, offset, rules), until: lastSame(moment, step, offset, rules) + 1, offset };
}

/** The last moment in a direction until which the offset is the same, or how far it was looked for. */
function lastSame(moment: number, stride: number, offset: number, rules: ZoneRules): number {
  let same = moment;
  for (let count = 0; count < steps; count++) {
    let other = same + stride;
    if (Math.abs(other) > endOfCalendar) break;
    if (rules.offsetSeconds(other) === offset) {
      same = other;
      continue;
    }
    while (Math.abs(other - same) > 1) {
      const middle = Math.floor((same + other) / 2);
      if (rules.offsetSeconds(middle) === offset) same = middle;
      else other = middle;
    }
    break;
  }
  return same;
}

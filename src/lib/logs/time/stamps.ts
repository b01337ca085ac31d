import { clfStamp } from './clf-stamp.ts';
import { isDigit } from './digits.ts';
import { epochNumber, epochStamp } from './epoch-stamp.ts';
import { isoStamp } from './iso-stamp.ts';
import { klogStamp } from './klog-stamp.ts';
import { knownPatterns } from './known-patterns.ts';
import type { LocalClock } from './local-clock.ts';
import { parsePattern } from './parse-pattern.ts';
import { patternStamp } from './pattern-stamp.ts';
import { syslogStamp } from './syslog-stamp.ts';
import type { StampReader } from './time-format.ts';

export interface NamedStamp {
  readonly name: string;
  /** The others begin with a letter. */
  readonly beginsWithDigit: boolean;
  readonly read: StampReader;
}

/** All that can be read at a place of a line, in the order in which they are tried: the more certain first. */
export function stampsOf(clock: LocalClock): readonly NamedStamp[] {
  return [
    { name: 'iso', beginsWithDigit: true, read: isoStamp(clock) },
    { name: 'syslog', beginsWithDigit: false, read: syslogStamp(clock) },
    { name: 'klog', beginsWithDigit: false, read: klogStamp(clock) },
    ...knownPatterns.map((text) => ({
      name: text,
      beginsWithDigit: !/^%[ab]/.test(text),
      read: patternStamp(parsePattern(text), clock),
    })),
    { name: 'epoch', beginsWithDigit: true, read: epochStamp },
  ];
}

/** Reads the value of a key in JSON or logfmt, which may be any of the stamps, a number or the time of an access log. */
export function valueStamp(clock: LocalClock, stamps: readonly NamedStamp[]): StampReader {
  const iso = isoStamp(clock);
  const clf = clfStamp(clock);
  return (bytes, at, end, after) => {
    const first = bytes[at];
    if (at >= end || first === undefined) return NaN;
    const time = iso(bytes, at, end, after);
    if (!Number.isNaN(time)) return time;
    const number = epochNumber(bytes, at, end);
    if (!Number.isNaN(number)) return number;
    const hasDigit = isDigit(first);
    for (let index = 1; index < stamps.length; index++) {
      const stamp = stamps[index]!;
      const other = stamp.beginsWithDigit === hasDigit ? stamp.read(bytes, at, end, after) : NaN;
      if (!Number.isNaN(other)) return other;
    }
    return clf(bytes, at, end, after);
  };
}

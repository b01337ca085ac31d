import { nearest } from '../errors/nearest.ts';
import { UserError } from '../errors/user-error.ts';
import { printable } from '../text/printable.ts';
import { localTimeOfSeconds, secondsOfLocalTime, type LocalTime } from './local-time.ts';
import { formatOffset, parseOffset } from './offset.ts';
import { rememberOffsets } from './remember-offsets.ts';
import { findZoneRules } from './zone-rules.ts';

/** The moment at which a clock shows a local time. */
export interface Moment {
  /** Unix time. */
  seconds: number;
  /** How often the clock shows it: once, twice (clocks go back) or never (clocks go forward). */
  kind: 'unique' | 'repeated' | 'skipped';
}

/** A time zone, or a fixed distance from UTC. It remembers what it was asked: open it once, not for every line. */
export interface Zone {
  /** `Europe/Berlin`, `UTC` or `+02:00`. */
  name: string;
  /** Seconds east of UTC at a moment, which may have a fraction. */
  offsetSeconds(unixSeconds: number): number;
  /**
   * A local time that is skipped goes forward by what was skipped (02:30 becomes 03:30), as RFC 5545 and Temporal have
   * it; `choice` is for one that is repeated. Fields beyond their range are carried over, months excepted.
   */
  toUnix(local: LocalTime, choice: 'earlier' | 'later'): Moment;
  toLocal(unixSeconds: number): LocalTime;
}

/** IANA's longest name has 32 letters. */
const longestName = 64;
const utcNames = /^(?:(?:etc\/)?(?:utc|gmt|uct|zulu|universal|greenwich)|z)$/i;

/**
 * A zone by its IANA name, in any case, by `UTC` or `Z`, or by an offset such as `+02:00`. Throws a UserError (usage)
 * with the nearest names for another. `source` is that of `findZoneRules`.
 */
export function openZone(name: string, source?: 'intl'): Zone {
  if (utcNames.test(name)) return fixedZone('UTC', 0);
  const fixed = parseOffset(name);
  if (fixed !== undefined) return fixedZone(formatOffset(fixed), fixed);
  const rules = name.length > longestName ? undefined : findZoneRules(name, source);
  if (rules === undefined) throw unknownZone(name);
  const { offsetSeconds, isSteady } = rememberOffsets(rules);
  return {
    name: rules.name,
    offsetSeconds,
    toUnix: (local, choice) => toUnix(secondsOfLocalTime(local), choice, offsetSeconds, isSteady),
    toLocal: (seconds) => toLocal(seconds, offsetSeconds(seconds)),
  };
}

function fixedZone(name: string, offset: number): Zone {
  return {
    name,
    offsetSeconds: () => offset,
    toUnix: (local) => ({ seconds: secondsOfLocalTime(local) - offset, kind: 'unique' }),
    toLocal: (seconds) => toLocal(seconds, offset),
  };
}

function toLocal(seconds: number, offset: number): LocalTime {
  // The fraction is kept apart, or the sum would round it.
  const whole = Math.floor(seconds);
  const local = localTimeOfSeconds(whole + offset);
  local.second += seconds - whole;
  return local;
}

/** More than any transition moved a clock (a day, when Samoa changed sides of the date line), less than two days. */
const around = 26 * 3600;

function toUnix(
  wall: number,
  choice: 'earlier' | 'later',
  offsetSeconds: (unixSeconds: number) => number,
  isSteady: (from: number, until: number) => boolean,
): Moment {
  const before = offsetSeconds(wall - around);
  const early = wall - before;
  if (isSteady(early - around, early + around)) return { seconds: early, kind: 'unique' };
  const after = offsetSeconds(wall + around);
  if (before === after) return { seconds: early, kind: 'unique' };
  // No zone has two transitions within these days, so the moment is on the one side of a transition or on the other.
  const late = wall - after;
  const isEarly = offsetSeconds(early) === before;
  const isLate = offsetSeconds(late) === after;
  if (isEarly && isLate) return { seconds: choice === 'earlier' ? early : late, kind: 'repeated' };
  if (isEarly || isLate) return { seconds: isEarly ? early : late, kind: 'unique' };
  return { seconds: early, kind: 'skipped' };
}

function unknownZone(name: string): UserError {
  const near = nearZones(name.trim());
  const hint =
    near.length === 0
      ? 'name a zone of the IANA database such as Europe/Berlin, UTC, or an offset such as +02:00'
      : `did you mean ${near.map((zone) => `'${zone}'`).join(' or ')}?`;
  return new UserError(`'${printable(name.slice(0, longestName))}' is not a time zone`, {
    code: 'usage',
    hints: [hint],
  });
}

/** `berlin` and `new york` are the zones of that city; else what most resembles a name, or the city of one. */
function nearZones(name: string): string[] {
  // It asks for as many comparisons as there are zones, so nothing long is compared.
  if (name === '' || name.length > longestName) return [];
  // POSIX reads `GMT+5` as west of Greenwich, everybody else as east.
  const east = /^(?:utc|gmt)([+-])(\d{1,2})(:\d\d)?$/i.exec(name);
  if (east !== null) return [`${east[1]}${east[2]!.padStart(2, '0')}${east[3] ?? ':00'}`];
  const zones = Intl.supportedValuesOf('timeZone');
  const cityOf = (zone: string): string => zone.slice(zone.lastIndexOf('/') + 1);
  const typed = name.replace(/[\s-]+/g, '_');
  const sameCity = zones.filter((zone) => cityOf(zone).toLowerCase() === typed.toLowerCase());
  if (sameCity.length > 0) return sameCity.slice(0, 3);
  const nearZone = nearest(typed, zones);
  if (nearZone !== undefined) return [nearZone];
  // Three letters resemble some city or other.
  const nearCity = typed.length < 4 ? undefined : nearest(typed, zones.map(cityOf));
  return zones.filter((zone) => cityOf(zone) === nearCity).slice(0, 3);
}

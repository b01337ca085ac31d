import { parseOffset } from './offset.ts';

/** One zone of the database that Node carries (IANA's, by way of ICU). */
export interface ZoneRules {
  /** As the database writes it: `Europe/Berlin` for `europe/berlin`. An alias stays the alias. */
  name: string;
  /** Seconds east of UTC. A microsecond and more a call: remember the answers. */
  offsetSeconds(wholeUnixSeconds: number): number;
}

/** What is needed of Temporal, which Node has from 26 on. */
interface Temporal {
  ZonedDateTime: new (nanoseconds: bigint, zone: string) => { timeZoneId: string; offsetNanoseconds: number };
  Now: { timeZoneId(): string };
}

/** The end of Date's calendar (ECMA-262, 21.4.1.1), in seconds; its begin is as far on the other side of 1970. */
export const endOfCalendar = 8.64e12;

/**
 * The short names of the IANA database. ICU knows more, and some of them are traps: its `IST` is India, never Israel or
 * Ireland, and its `ACT` is a part of Australia that is not the Australian Capital Territory.
 */
const shortNames = new Set('CET EET EST GB GMT HST MET MST NZ PRC ROC ROK UCT UTC WET'.split(' '));

/**
 * The rules of an IANA zone, or undefined when there is none of that name.
 *
 * Temporal answers from the same database as Intl, but the first Intl.DateTimeFormat of a process takes 14 ms (ICU's
 * calendar and number patterns), the first Temporal.ZonedDateTime less than one. Node 22 and 24 have Intl only;
 * `source` asks it on a newer one.
 */
export function findZoneRules(name: string, source?: 'intl'): ZoneRules | undefined {
  if (/^(?:[a-z]{2,3}|systemv\/.*)$/i.test(name) && !shortNames.has(name.toUpperCase())) return undefined;
  const temporal = source === 'intl' ? undefined : findTemporal();
  try {
    return temporal === undefined ? rulesByIntl(name) : rulesByTemporal(temporal, name);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The zone of this machine, or of the TZ that Node was started with; `UTC` where none can be told. */
export function systemZoneName(): string {
  const name = findTemporal()?.Now.timeZoneId() ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  // ICU's words for a zone that it cannot read. Types notwithstanding, the name can be missing.
  return name === undefined || name === 'Etc/Unknown' ? 'UTC' : name;
}

function findTemporal(): Temporal | undefined {
  return (globalThis as { Temporal?: Temporal }).Temporal;
}

function rulesByTemporal({ ZonedDateTime }: Temporal, name: string): ZoneRules {
  return {
    name: new ZonedDateTime(0n, name).timeZoneId,
    offsetSeconds: (seconds) => new ZonedDateTime(BigInt(seconds) * 1_000_000_000n, name).offsetNanoseconds / 1e9,
  };
}

function rulesByIntl(name: string): ZoneRules {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const canonical = format.resolvedOptions().timeZone;
  return {
    name: canonical.toLowerCase() === name.toLowerCase() ? canonical : name,
    offsetSeconds: (seconds) => {
      // `11/20/2026, GMT+01:00`, a bare `GMT`, and `GMT-00:44:30` where the offset has seconds.
      const text = format.format(seconds * 1000);
      const start = text.lastIndexOf('GMT');
      return parseOffset(text.slice(start + 3)) ?? 0;
    },
  };
}

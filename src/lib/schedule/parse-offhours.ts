import { UserError } from '../errors/user-error.ts';
import { openZone, type Zone } from '../time/zone.ts';
import { createSchedule } from './create-schedule.ts';
import { holidayTest } from './holidays.ts';
import { mistakeIn } from './mistake.ts';
import type { Offhours, Times } from './offhours/offhours.ts';
import { offhoursName } from './offhours/offhours-name.ts';
import { readOffhours } from './offhours/read-offhours.ts';
import { offhoursZoneAliases } from './offhours/zones.ts';
import type { Schedule } from './schedule.ts';
import { type DayNumber, type WallEvent, weekdayOfDay } from './wall-event.ts';

export interface OffhoursDefaults {
  /** Where the value names none: an alias of Cloud Custodian's, or what `openZone` understands. */
  zone: string;
  /** Dates such as `2026-12-25`, on which nothing is switched (`skip-days`). */
  holidays?: ReadonlySet<string> | undefined;
}

/**
 * The schedule in a tag value of Cloud Custodian's offhours, as `readOffhours` has it. Each time in it is a transition,
 * also one to what holds already: Cloud Custodian acts at each. Where both come at once, on wins. Throws a UserError
 * (usage) with the column of a mistake.
 */
export function parseOffhours(value: string, { zone: defaultZone, holidays }: OffhoursDefaults): Schedule {
  const { zone: ownZone, off, on } = readOffhours(value);
  const zone = openOffhoursZone(value, ownZone, defaultZone);
  const offhours = { off: without(off, on), on };
  return createSchedule({
    name: offhoursName(offhours, zone),
    zone,
    eventsOf: eventsOf(offhours, holidayTest(holidays)),
    alternates: false,
    otherwise: 'none',
  });
}

function eventsOf({ off, on }: Offhours, isHoliday: (day: DayNumber) => boolean): (day: DayNumber) => WallEvent[] {
  return (day) => {
    if (isHoliday(day)) return [];
    // Monday is the first day of a tag.
    const bit = 1 << ((weekdayOfDay(day) + 6) % 7);
    const side = (times: Times, to: 'on' | 'off'): WallEvent[] =>
      [...times].filter(([, days]) => (days & bit) !== 0).map(([minute]) => ({ minute, to }));
    return [...side(off, 'off'), ...side(on, 'on')].toSorted((a, b) => a.minute - b.minute);
  };
}

function without(off: Times, on: Times): Times {
  const left = [...off].map(([minute, days]): [number, number] => [minute, days & ~(on.get(minute) ?? 0)]);
  return new Map(left.filter(([, days]) => days !== 0));
}

/** The zone that a tag value is in. Throws as `parseOffhours` does. */
export function offhoursZone(value: string, defaultZone: string): Zone {
  return openOffhoursZone(value, readOffhours(value).zone, defaultZone);
}

function openAlias(name: string): Zone {
  return openZone(offhoursZoneAliases.get(name.toLowerCase()) ?? name);
}

function openOffhoursZone(value: string, own: Offhours['zone'], defaultZone: string): Zone {
  if (own === undefined) return openAlias(defaultZone);
  try {
    return openAlias(own.name);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hints } = error;
    const hint = hints[0] ?? 'name a zone such as Europe/Berlin';
    throw mistakeIn('offhours', value, { offset: own.offset, message, hint });
  }
}

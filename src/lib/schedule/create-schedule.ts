import type { Zone } from '../time/zone.ts';
import type { Desired, Schedule, ScheduleState, Transition } from './schedule.ts';
import { switchesOfDay } from './switches-of-day.ts';
import type { DayNumber, WallEvent } from './wall-event.ts';

export interface ScheduleParts {
  name: string;
  zone: Zone;
  /** What happens on a calendar day, in order. */
  eventsOf(day: DayNumber): readonly WallEvent[];
  /** Each event changes what holds, so that two at one moment are none. */
  alternates: boolean;
  /** What holds where nothing has happened for as long as is looked back. */
  otherwise: Desired;
}

const secondsOfDay = 86_400;
/** More than a year, so that what happens once a year is found whatever the day. */
const daysLookedAt = 400;

/** The wall-clock events of each day as a Schedule. It remembers days and the last answer, in the object returned. */
export function createSchedule({ name, zone, otherwise, ...events }: ScheduleParts): Schedule {
  const switchesOf = switchesOfDay(zone, events);
  let last: { from: number; until: number; state: ScheduleState } | undefined;

  const localDay = (unixSeconds: number): DayNumber =>
    Math.floor((unixSeconds + zone.offsetSeconds(unixSeconds)) / secondsOfDay);

  function* transitionsAfter(unixSeconds: number): Generator<Transition> {
    const first = localDay(unixSeconds);
    for (let day = first, quiet = 0; quiet <= daysLookedAt; day++, quiet++) {
      for (const transition of switchesOf(day)) {
        if (!(transition.at > unixSeconds)) continue;
        yield { ...transition };
        quiet = 0;
      }
    }
  }

  function lastUntil(unixSeconds: number): Transition | undefined {
    // Where clocks go back over midnight, the day that is to come has begun once before.
    const first = localDay(unixSeconds) + 1;
    for (let count = 0; count <= daysLookedAt; count++) {
      const found = switchesOf(first - count).findLast(({ at }) => at <= unixSeconds);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  return {
    name,
    at(unixSeconds) {
      if (last === undefined || !(unixSeconds >= last.from && unixSeconds < last.until)) {
        const found = lastUntil(unixSeconds);
        const next = transitionsAfter(unixSeconds).next();
        const state = found === undefined ? { desired: otherwise } : { desired: found.to, since: found.at };
        // Nothing comes within a year and more: a day of it is surely quiet.
        const until = next.done === true ? unixSeconds + secondsOfDay : next.value.at;
        last = { from: found?.at ?? unixSeconds, until, state };
      }
      return { ...last.state };
    },
    transitionsAfter,
  };
}

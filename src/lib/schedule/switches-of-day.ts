import type { Zone } from '../time/zone.ts';
import type { ScheduleParts } from './create-schedule.ts';
import type { Transition } from './schedule.ts';
import type { DayNumber } from './wall-event.ts';
import { wallMoment } from './wall-moment.ts';

/** Of days: some megabytes at most, and more than a year of questions in a row. */
const mostRemembered = 1024;

type Events = Pick<ScheduleParts, 'eventsOf' | 'alternates'>;

/**
 * The switches that the events of a day bring about, in order and each at a moment of its own. In a gap of the clocks
 * several events come at one moment, where the last of them counts.
 */
export function switchesOfDay(zone: Zone, events: Events): (day: DayNumber) => readonly Transition[] {
  const rawOf = remember((day) =>
    events.eventsOf(day).map(({ minute, to }): Transition => ({ ...wallMoment(zone, day, minute), to })),
  );
  return remember((day) => {
    const today = rawOf(day);
    if (today.length === 0) return today;
    const before = rawOf(day - 1).at(-1)?.at;
    const behind = rawOf(day + 1);
    // A gap over midnight joins the end of a day and the beginning of the next, which are told on the day before.
    const own = [
      ...today.filter(({ at }) => at !== before),
      ...behind.filter(({ at }) => at === today.at(-1)!.at && at !== before),
    ];
    return [...Map.groupBy(own, ({ at }) => at).values()]
      .filter((together) => !events.alternates || together[0]!.to === together.at(-1)!.to)
      .map((together) => together.at(-1)!);
  });
}

function remember<Value>(find: (day: DayNumber) => Value): (day: DayNumber) => Value {
  const known = new Map<DayNumber, Value>();
  return (day) => {
    let value = known.get(day);
    if (value === undefined) {
      value = find(day);
      if (known.size >= mostRemembered) known.clear();
      known.set(day, value);
    }
    return value;
  };
}

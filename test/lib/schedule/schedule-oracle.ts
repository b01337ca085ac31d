import type { ScheduleState } from '../../../src/lib/schedule/schedule.ts';
import { temporal } from '../time/temporal-oracle.ts';

/** A schedule, and the same told by hand: what happens at a time of a weekday (0 is Sunday), on quarters of an hour. */
export interface Told {
  words: { off?: string; on?: string; offhours?: string };
  eventsOn(weekday: number): readonly { minute: number; to: 'on' | 'off' }[];
}

/** When a day is off, told for each quarter of an hour, as events: what differs from the quarter before. */
export function whenOff(isOff: (weekday: number, hour: number) => boolean): Told['eventsOn'] {
  return (weekday) => {
    const events: { minute: number; to: 'on' | 'off' }[] = [];
    let before = isOff((weekday + 6) % 7, 23.75);
    for (let minute = 0; minute < 1440; minute += 15) {
      const now = isOff(weekday, minute / 60);
      if (now !== before) events.push({ minute, to: now ? 'off' : 'on' });
      before = now;
    }
    return events;
  };
}

interface OracleEvent {
  at: number;
  to: 'on' | 'off';
}

const day = 86_400;

/**
 * What holds at a moment between two others, by Temporal: of a wall time that comes twice the first counts; for one that
 * never comes it is the moment at which the zone leaves the offset that it would have had.
 */
export function oracleOf(
  { words, eventsOn }: Told,
  zone: string,
  from: number,
  until: number,
): (unixSeconds: number) => ScheduleState {
  const events: OracleEvent[] = [];
  // A week and more before it, for what holds at its begin.
  for (let date = Math.floor(from / day) - 9; date <= Math.floor(until / day) + 2; date++) {
    for (const { minute, to } of eventsOn((((date + 4) % 7) + 7) % 7))
      events.push({ at: momentOf(date, minute, zone), to });
  }
  events.sort((a, b) => a.at - b.at);
  // Of several at one moment the last counts; for words what changes nothing is none.
  const last = events.filter(({ at }, index) => events[index + 1]?.at !== at);
  const kept = words.offhours === undefined ? changesOf(last) : last;
  let position = 0;
  return (unixSeconds) => {
    while (position > 0 && kept[position]!.at > unixSeconds) position--;
    while (kept[position + 1] !== undefined && kept[position + 1]!.at <= unixSeconds) position++;
    const { at, to } = kept[position]!;
    return { desired: to, since: at };
  };
}

function changesOf(events: readonly OracleEvent[]): OracleEvent[] {
  const changes: OracleEvent[] = [];
  for (const event of events) if (event.to !== changes.at(-1)?.to) changes.push(event);
  return changes;
}

function momentOf(date: number, minute: number, zone: string): number {
  const utc = new Date((date * day + minute * 60) * 1000);
  const wall = temporal!.PlainDateTime.from({
    year: utc.getUTCFullYear(),
    month: utc.getUTCMonth() + 1,
    day: utc.getUTCDate(),
    hour: utc.getUTCHours(),
    minute: utc.getUTCMinutes(),
    second: 0,
  });
  // Of a skipped time `earlier` is before the gap, which then is the next transition.
  const found = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const exists = found.toPlainDateTime().equals(wall);
  return (exists ? found : found.getTimeZoneTransition('next')!).epochMilliseconds / 1000;
}

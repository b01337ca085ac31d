import { UserError } from '../errors/user-error.ts';
import { quoted } from '../text/quoted.ts';
import { openZone } from '../time/zone.ts';
import { createSchedule } from './create-schedule.ts';
import { describeWeek } from './describe-week.ts';
import { holidayTest } from './holidays.ts';
import { parseWords } from './parse-words.ts';
import type { Schedule } from './schedule.ts';
import { scheduleName } from './schedule-name.ts';
import { complement, type Week } from './week.ts';
import { weeklyEvents } from './weekly-events.ts';
import { example } from './words.ts';

/** When something is off, or else when it is on: one of the two. */
export interface WeekRequest {
  off?: string | undefined;
  on?: string | undefined;
}

export interface ScheduleRequest extends WeekRequest {
  /** What `openZone` understands. */
  zone: string;
  /** Dates such as `2026-12-25`. */
  holidays?: ReadonlySet<string> | undefined;
}

/**
 * A schedule in words, as `parseWords` has them. Throws a UserError (usage), with the column where it is a mistake in
 * the words, also for a schedule that never switches.
 */
export function parseSchedule({ holidays, zone: zoneName, ...request }: ScheduleRequest): Schedule {
  const off = parseOffWeek(request);
  const zone = openZone(zoneName);
  const name = scheduleName(describeWeek(off), zone);
  const eventsOf = weeklyEvents(off, holidayTest(holidays));
  // Without any switch for so long it is holiday.
  return createSchedule({ name, zone, eventsOf, alternates: true, otherwise: 'off' });
}

/** The minutes of the week in which it is off. Throws as `parseSchedule` does. */
export function parseOffWeek({ off, on }: WeekRequest): Week {
  const text = off ?? on;
  if (text === undefined || (off !== undefined && on !== undefined)) {
    throw new UserError('a schedule tells either when it is off or when it is on', {
      code: 'usage',
      hints: ['give one of --off and --on'],
    });
  }
  const marked = parseWords(text);
  const week = off === undefined ? complement(marked) : marked;
  if (week.every((minute) => minute === week[0])) {
    throw new UserError(`schedule ${quoted(text)} is always ${week[0] === 1 ? 'off' : 'on'}, and never switches`, {
      code: 'usage',
      hints: [example],
    });
  }
  return week;
}

import { UserError } from '../../errors/user-error.ts';
import type { CronField, CronFields } from '../cron/field-kinds.ts';
import { numberList } from './number-list.ts';

export interface Shift {
  /** The normalised expression and its fields. */
  text: string;
  fields: CronFields;
  /** To be added to every time; negative for back. */
  minutes: number;
  /** For the message. */
  from: string;
  to: string;
}

interface Group {
  minutes: Set<number>;
  hours: Set<number>;
  /** -1, 0 or 1: the day that the shifted time falls on. */
  dayShift: number;
}

/**
 * The expression at other times, as several where the times that move to another hour or day are not those of one line.
 * Throws UserError where a date would have to move by a day.
 */
export function shiftExpression(shift: Shift): string[] {
  const { fields, minutes } = shift;
  const everyDay = [fields.dayOfMonth, fields.month, fields.dayOfWeek].every(({ text }) => text === '*');
  const groups = new Map<string, Group>();
  for (const hour of fields.hour.values) {
    for (const minute of fields.minute.values) {
      const moved = hour * 60 + minute + minutes;
      const days = Math.floor(moved / 1440);
      const dayShift = everyDay ? 0 : days;
      const key = `${dayShift} ${Math.floor((minute + minutes) / 60)}`;
      const group = groups.get(key) ?? { minutes: new Set(), hours: new Set(), dayShift };
      groups.set(key, group);
      group.minutes.add((moved - days * 1440) % 60);
      group.hours.add(Math.floor((moved - days * 1440) / 60));
    }
  }
  return [...groups.values()].map((group) => {
    const clock = [clockText(group.minutes, fields.minute, 60), clockText(group.hours, fields.hour, 24)];
    return [...clock, ...dayTexts(shift, group.dayShift)].join(' ');
  });
}

/** What began with a star still does where it can: cron treats it as following the clock when the clocks change. */
function clockText(values: ReadonlySet<number>, before: CronField, all: number): string {
  if (values.size === all) return before.star ? '*' : `0-${all - 1}`;
  const sorted = [...values].toSorted((a, b) => a - b);
  return before.values.join() === sorted.join() ? before.text : numberList(sorted);
}

function dayTexts({ text, fields, from, to }: Shift, dayShift: number): string[] {
  const { dayOfMonth, month, dayOfWeek } = fields;
  if (dayShift === 0) return [dayOfMonth.text, month.text, dayOfWeek.text];
  if (dayOfMonth.text !== '*' || month.text !== '*') {
    throw new UserError(
      `a crontab cannot hold '${text}' in ${from}: in ${to}, where cron runs, it falls on the day before or after, and cron has no words for that`,
      { code: 'unsupported', hints: [`give the job timezone: ${to}, or a time at which both zones have the same day`] },
    );
  }
  const weekdays = dayOfWeek.values.map((day) => (day + dayShift + 7) % 7).toSorted((a, b) => a - b);
  return ['*', '*', numberList(weekdays)];
}

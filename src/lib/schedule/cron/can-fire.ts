import type { CronFields } from './field-kinds.ts';

const longestOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Cron's rule for the two fields of days: either of them is enough, unless one begins with a star; then both have to
 * hold, so that `*` leaves it to the other one, and of every second day and Monday only the Mondays are taken that are
 * such days.
 */
export function eitherDay({ dayOfMonth, dayOfWeek }: CronFields): boolean {
  return !dayOfMonth.star && !dayOfWeek.star;
}

/** The days of the month that no chosen month ever has: 30 and 31 for February. */
export function impossibleDays({ dayOfMonth, month }: CronFields): number[] {
  const longest = Math.max(...month.values.map((number) => longestOfMonth[number - 1]!));
  return dayOfMonth.values.filter((day) => day > longest);
}

/** Whether any date fits. 29 February is on each day of the week at some time. */
export function canFire(fields: CronFields): boolean {
  return eitherDay(fields) || impossibleDays(fields).length < fields.dayOfMonth.values.length;
}

/** Whether it is about 29 February alone. */
export function onlyLeapDays({ dayOfMonth, month, ...fields }: CronFields): boolean {
  if (eitherDay({ dayOfMonth, month, ...fields })) return false;
  return month.values.every((number) => number === 2) && dayOfMonth.values[0] === 29;
}

/** Chosen months that are too short for every chosen day: 4, 6, 9 and 11 for the 31st, 2 also when it is the 29th. */
export function monthsLeftOut(fields: CronFields): number[] {
  if (eitherDay(fields)) return [];
  const firstDay = fields.dayOfMonth.values[0]!;
  return fields.month.values.filter((number) => firstDay > (number === 2 ? 28 : longestOfMonth[number - 1]!));
}

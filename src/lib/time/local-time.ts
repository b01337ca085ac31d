/** What a clock on the wall and the calendar beside it show, in the Gregorian calendar of every year (ISO 8601). */
export interface LocalTime {
  year: number;
  /** 1 to 12. */
  month: number;
  /** From 1. */
  day: number;
  hour: number;
  minute: number;
  /** With its fraction, when there is one. */
  second: number;
}

const secondsOfDay = 86_400;
/** Leap years repeat after 400 years, which are 146,097 days. */
const daysOfCycle = 146_097;

/**
 * Seconds between 1970-01-01T00:00:00 and a local time, both on the same clock: Unix time when the clock shows UTC.
 * A day, hour, minute or second beyond its range is carried over (day 0 is the last of the month before); the month is
 * the caller's to check.
 */
export function secondsOfLocalTime(local: LocalTime): number {
  return (
    daysSince1970(local.year, local.month, local.day) * secondsOfDay +
    local.hour * 3600 +
    local.minute * 60 +
    local.second
  );
}

/** The inverse of `secondsOfLocalTime`. What is not a number gives fields that are none. */
export function localTimeOfSeconds(seconds: number): LocalTime {
  const whole = Math.floor(seconds);
  const days = Math.floor(whole / secondsOfDay);
  const rest = whole - days * secondsOfDay;
  const minute = Math.floor((rest % 3600) / 60);
  return { ...dateOfDays(days), hour: Math.floor(rest / 3600), minute, second: (rest % 60) + (seconds - whole) };
}

/** Days of a month, 1 to 12, of a year. */
export function daysInMonth(year: number, month: number): number {
  return month === 12 ? 31 : daysSince1970(year, month + 1, 1) - daysSince1970(year, month, 1);
}

/** 0 is Sunday, as in Date, 6 is Saturday. */
export function weekdayOf(date: Pick<LocalTime, 'year' | 'month' | 'day'>): number {
  return (((daysSince1970(date.year, date.month, date.day) + 4) % 7) + 7) % 7;
}

// Years are counted from the first of March here: then the leap day is the last day of its year, and the lengths of the
// months before any month are a straight line, 153 days in five months. Date.UTC does the same at several times the
// cost, and takes the year 99 for 1999.

function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  // From 0000-03-01 to 1970-01-01.
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - 719_468;
}

function dateOfDays(days: number): Pick<LocalTime, 'year' | 'month' | 'day'> {
  const shifted = days + 719_468;
  const cycle = Math.floor(shifted / daysOfCycle);
  const dayOfCycle = shifted - cycle * daysOfCycle;
  // What is left when the leap days up to this day are taken out is a multiple of 365 days and a part of it.
  const yearOfCycle = Math.floor(
    (dayOfCycle - Math.floor(dayOfCycle / 1460) + Math.floor(dayOfCycle / 36_524) - Math.floor(dayOfCycle / 146_096)) /
      365,
  );
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1 };
}

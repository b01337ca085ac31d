const daysBefore = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
/** The leap days before 1970. */
const leapDaysBefore1970 = 477;

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days since 1970-01-01 of the first of January. */
function daysBeforeYear(year: number): number {
  const last = year - 1;
  const leapDays = ((last / 4) | 0) - ((last / 100) | 0) + ((last / 400) | 0) - leapDaysBefore1970;
  return 365 * (year - 1970) + leapDays;
}

/**
 * Seconds from 1970-01-01 00:00 to a date and time of the same clock. NaN for what no calendar has, such as Feb 30,
 * 24:00 or a negative part, and for years before 1970, as in the zero time of Go. A leap second (:60) is the second after it.
 */
export function localSecondsOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  if (!(year >= 1970 && year <= 9999 && month >= 1 && month <= 12 && day >= 1)) return NaN;
  const leap = isLeap(year);
  if (day > daysBefore[month + 1]! - daysBefore[month]! + (leap && month === 2 ? 1 : 0)) return NaN;
  const days = daysBeforeYear(year) + daysBefore[month]! + (leap && month > 2 ? 1 : 0) + day - 1;
  return days * 86_400 + secondsOfDay(hour, minute, second);
}

/** Seconds since midnight, NaN for what no clock shows. */
export function secondsOfDay(hour: number, minute: number, second: number): number {
  const possible = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60;
  return possible ? hour * 3600 + minute * 60 + second : NaN;
}

/** Seconds from 1970 to the midnight that begins the given day (1 to 366) of a year. */
export function localSecondsOfDayOfYear(year: number, dayOfYear: number): number {
  const possible = year >= 1970 && year <= 9999 && dayOfYear >= 1 && dayOfYear <= (isLeap(year) ? 366 : 365);
  return possible ? (daysBeforeYear(year) + dayOfYear - 1) * 86_400 : NaN;
}

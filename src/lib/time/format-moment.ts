import type { LocalTime } from './local-time.ts';
import { formatOffset } from './offset.ts';
import { endOfCalendar } from './zone-rules.ts';
import type { Zone } from './zone.ts';

/**
 * ISO 8601 with the offset: `2026-11-20T14:00:05+01:00`. A fraction is shown only when there is one, in milliseconds or
 * microseconds, which is all that a double of our days holds. What is beyond Date's calendar stays a number.
 */
export function formatMoment(unixSeconds: number, zone: Zone): string {
  if (!(Math.abs(unixSeconds) <= endOfCalendar)) return String(unixSeconds);
  let whole = Math.floor(unixSeconds);
  let microseconds = Math.round((unixSeconds - whole) * 1e6);
  if (microseconds === 1e6) {
    whole++;
    microseconds = 0;
  }
  return formatLocalTime(zone.toLocal(whole), microseconds) + formatOffset(zone.offsetSeconds(whole));
}

function formatLocalTime(local: LocalTime, microseconds: number): string {
  const date = `${formatYear(local.year)}-${twoDigits(local.month)}-${twoDigits(local.day)}`;
  const time = `${twoDigits(local.hour)}:${twoDigits(local.minute)}:${twoDigits(local.second)}`;
  return `${date}T${time}${formatFraction(microseconds)}`;
}

/** Beyond four digits ISO 8601 wants a sign and an agreed number of digits: six, as ECMA-262 and Temporal. */
function formatYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return (year < 0 ? '-' : '+') + String(Math.abs(year)).padStart(6, '0');
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function formatFraction(microseconds: number): string {
  if (microseconds === 0) return '';
  const digits = String(microseconds).padStart(6, '0');
  return `.${digits.endsWith('000') ? digits.slice(0, 3) : digits}`;
}

import { eitherDay } from '../cron/can-fire.ts';
import { readCron } from '../cron/read-cron.ts';
import { numberList } from './number-list.ts';

const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * The values of OnCalendar= (systemd.time(7)) that mean what a cron expression means. Two where cron runs on a day that
 * is in either of the day fields: systemd wants one that is in both. `zone` is an IANA name; without it systemd takes
 * that of the machine. `seed` is what `H` is made from. Throws UserError for an expression that `readCron` refuses.
 */
export function toOnCalendar(expression: string, zone?: string, seed?: string): string[] {
  const { fields } = readCron(expression, seed);
  const days = list(fields.dayOfMonth.values, 31);
  const weekdays = weekdayList(fields.dayOfWeek.values);
  const months = list(fields.month.values, 12);
  const clock = `${list(fields.hour.values, 24)}:${list(fields.minute.values, 60)}:00`;
  const suffix = zone === undefined ? '' : ` ${zone}`;
  const line = (weekday: string, day: string) => `${weekday}*-${months}-${day} ${clock}${suffix}`;
  if (!eitherDay(fields)) return [line(weekdays, days)];
  // A field that has every day leaves nothing to the other.
  if (days === '*' || weekdays === '') return [line('', '*')];
  return [line('', days), line(weekdays, '*')];
}

function weekdayList(weekdays: readonly number[]): string {
  return weekdays.length === 7 ? '' : `${weekdays.map((day) => weekdayNames[day]).join(',')} `;
}

function list(values: readonly number[], all: number): string {
  if (values.length === all) return '*';
  return numberList(values, '..').replaceAll(/\d+/g, (digits) => digits.padStart(2, '0'));
}

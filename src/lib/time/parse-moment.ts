import { UserError } from '../errors/user-error.ts';
import { parseDuration } from '../quantity/duration.ts';
import { printable } from '../text/printable.ts';
import { daysInMonth, weekdayOf, type LocalTime } from './local-time.ts';
import { parseOffset } from './offset.ts';
import { endOfCalendar } from './zone-rules.ts';
import { openZone, type Zone } from './zone.ts';

export interface MomentOptions {
  /** Unix time, fractions allowed. */
  now: number;
  /** Of what is written without a zone, and of the calendar that `today` and `monday` are read from. */
  zone: Zone;
}

/** Nobody types more; what is pasted by mistake is not searched for a time. */
const longestText = 100;

/** A day, a time of day, a zone: each may be missing. Whether there are such a day and such a time is seen afterwards. */
const written =
  /^(?<day>[a-z]+|\d{4}[-/]\d{1,2}[-/]\d{1,2})?(?:(?:(?<=\d)t|\s+|^)(?<time>\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?))?(?:\s*(?<offset>z|utc|gmt|[+-]\d\d(?::?\d\d|:\d\d:\d\d)?))?$/;

const someTimeAgo = ((): RegExp => {
  const unit = 'ms|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?';
  const duration = String.raw`(?:\d+(?:\.\d+)?\s*(?:${unit})\s*)+`;
  return new RegExp(String.raw`^(?:-(${duration})|(${duration})(?:(?<=\s)ago)?)$`);
})();

const daysFromToday = new Map([
  ['today', 0],
  ['yesterday', -1],
  ['tomorrow', 1],
]);

/** Sunday first, as in Date. Three letters are enough, and more are taken: `tue`, `thurs`. */
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/**
 * Unix seconds of a moment as people type it, in any case:
 * - a duration is so long ago: `10m`, `-2h30m`, `3 days ago`;
 * - `now`; `today`, `yesterday`, `tomorrow`, `2026-11-20` at 00:00 or with a time of day behind them;
 * - `monday`, `mon 09:00`: the last one that is not in the future, today included;
 * - `14:00`, `14:00:05.123`: today, also when that is still to come, as journalctl and systemd.time(7) read it;
 * - RFC 3339 and its relatives: `2026-11-20T14:00:05.123Z`, `2026-11-20 14:00 +0200`, `14:00 UTC`;
 * - Unix time: `1763600000`, `1763600000.5`, `@0`; with 13, 16 or 19 digits in milli-, micro- or nanoseconds.
 *
 * A local time that clocks skip goes forward, of a repeated one it is the earlier. Throws a UserError (usage) that tells
 * what is wrong and how moments are written.
 */
export function parseMoment(text: string, options: MomentOptions): number {
  const typed = text.trim().toLowerCase();
  if (typed.length > longestText) throw notMoment(text);
  if (typed === 'now') return options.now;
  const moment = parseUnixTime(typed) ?? parseAgo(typed, options.now) ?? parseWritten(text, typed, options);
  if (moment === undefined) throw notMoment(text);
  if (Math.abs(moment) > endOfCalendar) throw notMoment(text, 'no calendar goes that far');
  return moment;
}

/** Without the `@` only what has as many digits as our days do: `20261120` and `5` are no Unix time. */
function parseUnixTime(typed: string): number | undefined {
  const match = /^(?:@(-?\d+)|(\d{10}|\d{13}|\d{16}|\d{19}))(\.\d+)?$/.exec(typed);
  if (match === null) return undefined;
  const [, marked, bare, fraction = ''] = match;
  const whole = (marked ?? bare)!;
  const digits = whole.replace('-', '').length;
  // A ten-digit second lasts until the year 2286, so more digits are of a finer unit, also after the `@`.
  const scale = digits === 13 ? 1e3 : digits === 16 ? 1e6 : digits === 19 ? 1e9 : 1;
  return Number(whole + fraction) / scale;
}

/** `M` is a minute here, as everything else is read in any case; journalctl knows months, and has `M` for them. */
function parseAgo(typed: string, now: number): number | undefined {
  const match = someTimeAgo.exec(typed);
  if (match === null) return undefined;
  const duration = (match[1] ?? match[2]!).replace(/\s+/g, '').replace(/(ms|[smhdw])[a-z]*/g, '$1');
  return now - parseDuration(duration);
}

function parseWritten(text: string, typed: string, { now, zone: local }: MomentOptions): number | undefined {
  const { day, time, offset } = written.exec(typed)?.groups ?? {};
  // Without a time of day, the end of `2026-11-20-05` is anything but an offset.
  if (day === undefined ? time === undefined : time === undefined && /^[+-]/.test(offset ?? '')) return undefined;
  if (offset !== undefined && parseOffset(offset) === undefined) throw notMoment(text, 'offsets go up to 23:59');
  const zone = offset === undefined ? local : openZone(offset);
  const today = zone.toLocal(now);
  const clock = readClock(time ?? '00:00', text);
  const at = (date: Pick<LocalTime, 'year' | 'month' | 'day'>): number => momentOf({ ...date, ...clock }, zone, text);

  if (day === undefined) return at(today);
  const shift = daysFromToday.get(day);
  if (shift !== undefined) return at({ ...today, day: today.day + shift });
  const weekday = day.length < 3 ? -1 : weekdays.findIndex((name) => name.startsWith(day));
  if (weekday !== -1) {
    const daysBack = (weekdayOf(today) - weekday + 7) % 7;
    const moment = at({ ...today, day: today.day - daysBack });
    return moment <= now ? moment : at({ ...today, day: today.day - daysBack - 7 });
  }
  return /^\d/.test(day) ? at(readDate(day, text)) : undefined;
}

function momentOf(local: LocalTime, zone: Zone, text: string): number {
  const whole = Math.floor(local.second);
  // The fraction is added last, or the sums before would round it.
  const { seconds } = zone.toUnix({ ...local, second: whole }, 'earlier');
  // A leap second (RFC 3339) is the last of a day of UTC, and Unix time counts it as the first of the next.
  if (whole === 60 && seconds % 86_400 !== 0) throw notMoment(text, 'seconds go from 0 to 59');
  return seconds + (local.second - whole);
}

function readDate(day: string, text: string): Pick<LocalTime, 'year' | 'month' | 'day'> {
  const [year = 0, month = 0, dayOfMonth = 0] = day.split(/[-/]/).map(Number);
  if (month < 1 || month > 12) throw notMoment(text, 'months go from 1 to 12');
  const last = daysInMonth(year, month);
  if (dayOfMonth < 1 || dayOfMonth > last) throw notMoment(text, `that month has the days 1 to ${last}`);
  return { year, month, day: dayOfMonth };
}

function readClock(time: string, text: string): Pick<LocalTime, 'hour' | 'minute' | 'second'> {
  const [hour = 0, minute = 0, second = 0] = time.replace(',', '.').split(':').map(Number);
  if (hour > 23) throw notMoment(text, 'hours go from 0 to 23, and midnight is 00:00 of the next day');
  if (minute > 59) throw notMoment(text, 'minutes go from 0 to 59');
  if (second >= 61) throw notMoment(text, 'seconds go from 0 to 59');
  return { hour, minute, second };
}

function notMoment(text: string, reason?: string): UserError {
  const shown = text.length > longestText ? `${text.slice(0, longestText)}...` : text;
  const why = reason === undefined ? '' : `: ${reason}`;
  return new UserError(`'${printable(shown)}' is not a time${why}`, {
    code: 'usage',
    hints: [
      "write how long ago (10m, 2h30m, 7d), a day or a time of day (yesterday, 14:00, 'today 14:00', 'mon 09:00')",
      "or a date ('2026-11-20 14:00', 2026-11-20T14:00:05Z, 2026-11-20T14:00:05+01:00) or Unix time (1763600000)",
    ],
  });
}

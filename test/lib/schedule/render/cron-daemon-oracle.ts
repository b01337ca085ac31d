import { numbersOf, spansOf } from './wall-clock.ts';

interface Entry {
  /** By the first characters of minute and hour: what its manual calls jobs that are specified with wildcards. */
  isWild: boolean;
  matches(minuteOfClock: number): boolean;
}

/**
 * What cron(8) of Debian starts, minute by minute, as its manual has it: it follows the clock on the wall; when that
 * jumps ahead by up to three hours, jobs of particular times that were skipped run soon after, each of them, while
 * wildcards go by the new time; when it is set back by less than three hours, jobs of particular times wait until it has
 * caught up. Unix seconds of each start; several at once stand there several times.
 */
export function daemonStarts(lines: readonly string[], zone: string, from: number, to: number): number[] {
  const entries = lines.map(entryOf);
  const spanAt = spansOf(zone, from, to);
  const clock = (seconds: number): number => (seconds + spanAt(seconds).offset) / 60;
  const starts: number[] = [];
  let reached = clock(from - 60);
  for (let at = from; at < to; at += 60) {
    const shown = clock(at);
    const run = (minute: number, wanted: 'wild' | 'fixed'): void => {
      for (const entry of entries) {
        if (entry.isWild === (wanted === 'wild') && entry.matches(minute)) starts.push(at);
      }
    };
    const jump = shown - reached;
    if (jump <= -180 || jump > 180) reached = shown - 1;
    run(shown, 'wild');
    while (reached < shown) run(++reached, 'fixed');
  }
  return starts;
}

function entryOf(line: string): Entry {
  const [minute, hour, day, month, weekday] = line.split(' ') as [string, string, string, string, string];
  const [minutes, hours] = [numbersOf(minute, 0, 59), numbersOf(hour, 0, 23)];
  const [days, months, weekdays] = [numbersOf(day, 1, 31), numbersOf(month, 1, 12), numbersOf(weekday, 0, 6)];
  const bothDays = day.startsWith('*') || weekday.startsWith('*');
  return {
    isWild: minute.startsWith('*') || hour.startsWith('*'),
    matches: (minuteOfClock) => {
      const shown = new Date(minuteOfClock * 60_000);
      if (!minutes.has(shown.getUTCMinutes()) || !hours.has(shown.getUTCHours())) return false;
      const byDate = days.has(shown.getUTCDate());
      const byWeekday = weekdays.has(shown.getUTCDay());
      return months.has(shown.getUTCMonth() + 1) && (bothDays ? byDate && byWeekday : byDate || byWeekday);
    },
  };
}

import { type PlainDateTime, temporal } from '../../time/temporal-oracle.ts';

/** Values told by hand, beside the expression, and what cron makes of stars. */
export interface ToldCron {
  expression: string;
  minutes: readonly number[];
  hours: readonly number[];
  days?: readonly number[];
  months?: readonly number[];
  /** 0 is Sunday. */
  weekdays?: readonly number[];
  /** Neither minute nor hour begins with a star. */
  fixed: boolean;
  /** Both fields of days are told, and neither begins with a star. */
  either?: boolean;
}

const daySeconds = 86_400;

/** The runs from a moment on and before another, minute by minute of the calendar, by Temporal alone. */
export function oracleRuns(told: ToldCron, zone: string, from: number, to: number): number[] {
  const runs = new Set<number>();
  for (let date = Math.floor(from / daySeconds) - 2; date <= Math.floor(to / daySeconds) + 2; date++) {
    const utc = new Date(date * daySeconds * 1000);
    if (!isDay(told, utc)) continue;
    for (const hour of told.hours) {
      for (const minute of told.minutes) {
        for (const run of momentsOf(plain(utc, hour, minute), zone, told.fixed)) runs.add(run);
      }
    }
  }
  return [...runs].filter((run) => run >= from && run < to).toSorted((a, b) => a - b);
}

function isDay({ days, months, weekdays, either }: ToldCron, utc: Date): boolean {
  if (months !== undefined && !months.includes(utc.getUTCMonth() + 1)) return false;
  const day = days === undefined || days.includes(utc.getUTCDate());
  const weekday = weekdays === undefined || weekdays.includes(utc.getUTCDay());
  return either === true ? day || weekday : day && weekday;
}

function plain(utc: Date, hour: number, minute: number): PlainDateTime {
  const [year, month, day] = [utc.getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate()];
  return temporal!.PlainDateTime.from({ year, month, day, hour, minute, second: 0 });
}

function momentsOf(wall: PlainDateTime, zone: string, fixed: boolean): number[] {
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' });
  if (earlier.toPlainDateTime().equals(wall)) {
    return [earlier, ...(fixed ? [] : [later])].map(({ epochMilliseconds }) => epochMilliseconds / 1000);
  }
  if (!fixed) return [];
  const behind = earlier.getTimeZoneTransition('next')!;
  return [behind.epochMilliseconds / 1000];
}

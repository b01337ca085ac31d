import { numbersOf, type Span, spansOf } from './wall-clock.ts';

/** Of the fields of a clock on the wall, from the year on; out of range they carry over, as in time.Date of Go. */
type Wall = [year: number, month: number, day: number, hour: number, minute: number];

/**
 * When the CronJob controller starts a schedule in a time zone: each run is looked for from the one before on, field by
 * field, by setting a clock on the wall ahead, as robfig/cron 3.0.1 does (SpecSchedule.Next). An hour ahead there is an
 * hour of time, and what the clock shows then is not always an hour later. Unix seconds.
 */
export function controllerStarts(expression: string, zone: string, from: number, to: number): number[] {
  const next = searcherOf(expression, spansOf(zone, from, to));
  const starts: number[] = [];
  for (let at = next(from - 1, to); at < to; at = next(at, to)) starts.push(at);
  return starts;
}

function searcherOf(expression: string, spanAt: (seconds: number) => Span): (after: number, to: number) => number {
  const fields = expression.split(' ') as [string, string, string, string, string];
  const [minutes, hours] = [numbersOf(fields[0], 0, 59), numbersOf(fields[1], 0, 23)];
  const [days, months, weekdays] = [
    numbersOf(fields[2], 1, 31),
    numbersOf(fields[3], 1, 12),
    numbersOf(fields[4], 0, 6),
  ];
  // A star with a step is none here.
  const bothDays = [fields[2], fields[4]].some((field) => field.split(',').includes('*'));
  const wall = (at: number) => new Date((at + spanAt(at).offset) * 1000);
  const fitsDay = (at: number): boolean => {
    const shown = wall(at);
    const [byDate, byWeekday] = [days.has(shown.getUTCDate()), weekdays.has(shown.getUTCDay())];
    return bothDays ? byDate && byWeekday : byDate || byWeekday;
  };
  const partsOf = (at: number): Wall => {
    const shown = wall(at);
    return [
      shown.getUTCFullYear(),
      shown.getUTCMonth(),
      shown.getUTCDate(),
      shown.getUTCHours(),
      shown.getUTCMinutes(),
    ];
  };
  return (after, to) => {
    let at = after + 60 - (((after % 60) + 60) % 60);
    let isSet = false;
    const setBack = (depth: number): void => {
      if (isSet) return;
      isSet = true;
      const [year, month = 0, day = 1, hour = 0, minute = 0] = partsOf(at).slice(0, depth) as Partial<Wall>;
      at = momentOf([year!, month, day, hour, minute], spanAt);
    };
    search: while (at < to) {
      while (!months.has(wall(at).getUTCMonth() + 1)) {
        setBack(2);
        const [year, month, ...rest] = partsOf(at);
        at = momentOf([year, month + 1, ...rest], spanAt);
        if (wall(at).getUTCMonth() === 0) continue search;
      }
      while (!fitsDay(at)) {
        setBack(3);
        const [year, month, day, ...rest] = partsOf(at);
        at = momentOf([year, month, day + 1, ...rest], spanAt);
        const hour = wall(at).getUTCHours();
        if (hour !== 0) at += (hour > 12 ? 24 - hour : -hour) * 3600;
        if (wall(at).getUTCDate() === 1) continue search;
      }
      while (!hours.has(wall(at).getUTCHours())) {
        setBack(4);
        at += 3600;
        if (wall(at).getUTCHours() === 0) continue search;
      }
      while (!minutes.has(wall(at).getUTCMinutes())) {
        isSet = true;
        at += 60;
        if (wall(at).getUTCMinutes() === 0) continue search;
      }
      return at;
    }
    return Infinity;
  };
}

/** As time.Date of Go looks for it, where a clock shows a time twice or never. */
function momentOf([year, month, day, hour, minute]: Wall, spanAt: (seconds: number) => Span): number {
  const shown = Date.UTC(year, month, day, hour, minute) / 1000;
  const { offset, start, end } = spanAt(shown);
  const moment = shown - offset;
  const isWithin = offset === 0 || (moment >= start && moment < end);
  return isWithin ? moment : shown - spanAt(moment).offset;
}

import { parseOffset } from '../../time/offset.ts';
import { systemZoneName } from '../../time/zone-rules.ts';
import { openZone, type Zone } from '../../time/zone.ts';
import { clockChanges } from './clock-changes.ts';
import type { CronSchedule } from './cron-schedule.ts';
import type { CronFields } from './field-kinds.ts';
import { timesInChange } from './matches.ts';
import { readCron } from './read-cron.ts';

export interface CronOptions {
  /** What `openZone` understands; the zone of this machine without it. */
  zone?: string | undefined;
  /** What `H` is made from, `scheduleSeed`; without it `H` is refused. */
  seed?: string | undefined;
}

const mostRuns = 1_000_000;
/** No zone goes forward by more than two hours (Troll), so what is earlier ends on its own day. */
const lateHour = 21;
/** The end of Date's calendar, less than a day of which a zone may take. */
const endOfTime = 8.64e12 - 86_400 * 2;

/** A schedule of crontab(5). Throws a UserError (usage) that names the field, or the nearest zone. */
export async function parseCron(expression: string, { zone: zoneName, seed }: CronOptions = {}): Promise<CronSchedule> {
  const { text, fields } = readCron(expression, seed);
  const opened = openZone(zoneName ?? systemZoneName());
  const zone = opened.name;
  const fixed = !fields.minute.star && !fields.hour.star;
  const { Cron } = await import('croner');
  const offset = parseOffset(zone);
  const cron = new Cron(patternOf(fields), {
    mode: '5-part',
    paused: true,
    fixedTimeRule: 'no-wildcard',
    domAndDow: fields.dayOfMonth.star || fields.dayOfWeek.star,
    ...(offset === undefined || offset % 60 !== 0 ? { timezone: zone } : { utcOffset: offset / 60 }),
  });
  const next = (after: number): number | undefined => {
    if (!(Math.abs(after) < endOfTime)) return undefined;
    const run = (cron.nextRun(new Date(Math.floor(after) * 1000))?.getTime() ?? Number.NaN) / 1000;
    if (Number.isNaN(run)) return undefined;
    return fixed ? (runAtMidnight(fields, opened, after, run) ?? run) : run;
  };
  return {
    expression: text,
    zone,
    fields,
    fixed,
    nextRuns: (after, count) => {
      const runs: number[] = [];
      for (let run: number | undefined = after; runs.length < count; runs.push(run)) {
        run = next(run);
        if (run === undefined) break;
      }
      return runs;
    },
    runsBetween: (from, to) => {
      const runs: number[] = [];
      for (let run = next(Math.ceil(from) - 1); run !== undefined && run < to; run = next(run)) {
        if (runs.length === mostRuns) throw new RangeError(`more than ${mostRuns} runs between ${from} and ${to}`);
        runs.push(run);
      }
      return runs;
    },
  };
}

/**
 * The run that croner leaves out: of a time that the clocks skip right before midnight, as those of Nuuk do. For cron the
 * first moment behind the gap is just as good on the next day.
 */
function runAtMidnight(fields: CronFields, zone: Zone, after: number, before: number): number | undefined {
  if (fields.hour.values.at(-1)! < lateHour) return undefined;
  const gaps = clockChanges(zone, after, before).filter((change) => change.after > change.before);
  const isRunOfDayBefore =
    ({ at, after: offset }: (typeof gaps)[number]) =>
    (shown: number) =>
      Math.floor(shown / 86_400) < Math.floor((at + offset) / 86_400);
  return gaps.find((gap) => timesInChange(fields, gap).some(isRunOfDayBefore(gap)))?.at;
}

/**
 * The fields for croner, whose tests for a star are narrower than cron's: it takes only a lone one for a day, and any
 * step for what follows the clocks. So days are told by `domAndDow`, and what has no star goes as a list.
 */
function patternOf({ minute, hour, dayOfMonth, month, dayOfWeek }: CronFields): string {
  const list = (values: readonly number[]): string => values.join(',');
  const clock = [minute, hour].map(({ star, text, values }) => (star ? text : list(values)));
  const days = [dayOfMonth, month, dayOfWeek].map(({ text, values }) => (text === '*' ? text : list(values)));
  return [...clock, ...days].join(' ');
}

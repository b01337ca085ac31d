import { parseOffset } from '../../time/offset.ts';
import { systemZoneName } from '../../time/zone-rules.ts';
import { openZone } from '../../time/zone.ts';
import type { CronSchedule } from './cron-schedule.ts';
import type { CronFields } from './field-kinds.ts';
import { readCron } from './read-cron.ts';

export interface CronOptions {
  /** What `openZone` understands; the zone of this machine without it. */
  zone?: string | undefined;
  /** What `H` is made from, `scheduleSeed`; without it `H` is refused. */
  seed?: string | undefined;
}

const mostRuns = 1_000_000;
/** The end of Date's calendar, less than a day of which a zone may take. */
const endOfTime = 8.64e12 - 86_400 * 2;

/** A schedule of crontab(5). Throws a UserError (usage) that names the field, or the nearest zone. */
export async function parseCron(expression: string, { zone: zoneName, seed }: CronOptions = {}): Promise<CronSchedule> {
  const { text, fields } = readCron(expression, seed);
  const zone = openZone(zoneName ?? systemZoneName()).name;
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
    const run = cron.nextRun(new Date(Math.floor(after) * 1000));
    return run === null ? undefined : run.getTime() / 1000;
  };
  return {
    expression: text,
    zone,
    fields,
    fixed: !fields.minute.star && !fields.hour.star,
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
 * The fields for croner, whose tests for a star are narrower than cron's: it takes only a lone one for a day, and any
 * step for what follows the clocks. So days are told by `domAndDow`, and what has no star goes as a list.
 */
function patternOf({ minute, hour, dayOfMonth, month, dayOfWeek }: CronFields): string {
  const list = (values: readonly number[]): string => values.join(',');
  const clock = [minute, hour].map(({ star, text, values }) => (star ? text : list(values)));
  const days = [dayOfMonth, month, dayOfWeek].map(({ text, values }) => (text === '*' ? text : list(values)));
  return [...clock, ...days].join(' ');
}

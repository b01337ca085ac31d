import { defineCommand, type Spec } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { wholeNumber } from '../../lib/quantity/whole-number.ts';
import { nextTransitions, type ScheduleTransition } from '../../lib/schedule/next-transitions.ts';
import { offhoursZone, parseOffhours } from '../../lib/schedule/parse-offhours.ts';
import { parseSchedule } from '../../lib/schedule/parse-schedule.ts';
import { readHolidays } from '../../lib/schedule/read-holidays.ts';
import type { Schedule } from '../../lib/schedule/schedule.ts';
import { presetNames } from '../../lib/schedule/words.ts';
import { localZoneName } from '../../lib/time/local-zone-name.ts';
import { parseMoment } from '../../lib/time/parse-moment.ts';
import { openZone, type Zone } from '../../lib/time/zone.ts';
import { columns, stateLine } from '../../views/schedule-next.ts';

export default defineCommand({
  description: [
    'Print when a schedule switches next, in its own zone and in UTC, and on standard error what it says now. The words are those of --off of stop-instances and start-instances, with --on those of --on.',
    "Words are weekend (Saturday and Sunday), nights (19:00 to 07:00), office-hours (Monday to Friday, 07:00 to 19:00), 'Fri 19:00 - Mon 07:00' for once a week, '19:00 - 07:00' for every day, 'Mon-Fri 09:00 - 17:30' for each of these days, and several joined by commas. What holds an = is a tag value of Cloud Custodian's offhours, such as 'off=(M-F,19);on=(M-F,7);tz=et'.",
    'Where the clocks skip the time at which it would switch, it switches at the first moment behind the gap; where they show it twice, at the first.',
  ].join('\n\n'),
  examples: [
    { command: 'devops schedule next nights,weekend --tz Europe/Berlin', what: 'when it is off' },
    { command: 'devops schedule next --on office-hours', what: 'when it is on, in the zone of this machine' },
    {
      command: "devops schedule next 'off=[(M-F,21),(U,18)];on=(M-F,6);tz=pt'",
      what: 'what a tag of Cloud Custodian says',
    },
    {
      command: 'devops schedule next weekend --from 2026-12-20 --holidays holidays.txt -o json',
      what: 'over Christmas, for a program',
    },
  ],
  define: (spec: Spec) =>
    spec
      .argument('<expr>', "when it is off: weekend, nights, 'Fri 19:00 - Mon 07:00' ..., or a tag value of offhours")
      .option('--on', 'the words tell when it is on')
      .option('--offhours', 'it is a tag value of offhours, also when it holds no =')
      .option('--tz <zone>', "its time zone, such as Europe/Berlin (default: this machine's)")
      .option('--count <number>', 'how many to print', wholeNumber(1, 10_000), 10)
      .option('--from <moment>', 'from when on, such as 2026-12-20 (default: now)')
      .option('--holidays <file>', 'dates, one on each line: off all day with words, no switching with offhours'),
  complete: { expr: () => presetNames },
  shape: 'many',
  async *run(ctx, options, words: string): AsyncGenerator<ScheduleTransition> {
    const { schedule, zone } = await openSchedule(ctx, options, words);
    const now = ctx.now().getTime() / 1000;
    const after = options.from === undefined ? now : parseMoment(options.from, { now, zone });
    if (!ctx.quiet) {
      const line = stateLine(schedule.name, schedule.at(after), Math.floor(after), zone);
      void ctx.stderr.write(`devops: ${line}\n`);
    }
    yield* nextTransitions(schedule, { zone, after, count: options.count });
  },
  columns,
});

interface Options {
  on?: true | undefined;
  offhours?: true | undefined;
  tz?: string | undefined;
  holidays?: string | undefined;
}

async function openSchedule(
  ctx: Context,
  { on, offhours, tz, holidays: file }: Options,
  words: string,
): Promise<{ schedule: Schedule; zone: Zone }> {
  const zoneName = tz ?? localZoneName(ctx.env);
  const holidays = file === undefined ? undefined : await readHolidays(file, ctx.signal);
  if (offhours !== true && !looksLikeOffhours(words)) {
    const zone = openZone(zoneName);
    return { schedule: parseSchedule({ [on === true ? 'on' : 'off']: words, zone: zone.name, holidays }), zone };
  }
  if (on === true) {
    throw new UserError('--on is for words, and a tag value of offhours tells both sides itself', {
      code: 'usage',
      hints: ['leave --on out'],
    });
  }
  const schedule = parseOffhours(words, { zone: zoneName, holidays });
  return { schedule, zone: offhoursZone(words, zoneName) };
}

/** No words have an equals sign, also not one that is escaped for services that forbid it in tags. */
function looksLikeOffhours(words: string): boolean {
  return /=|u3d/i.test(words) || /^\s*o(?:n|ff)[\s;]*$/i.test(words);
}

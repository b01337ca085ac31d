import { hostname } from 'node:os';
import { type Column, defineCommand, type Spec } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { findJob } from '../../lib/jobs/find-job.ts';
import type { Job } from '../../lib/jobs/job.ts';
import { resolveJobs } from '../../lib/jobs/resolve-jobs.ts';
import { wholeNumber } from '../../lib/quantity/whole-number.ts';
import type { CronSchedule } from '../../lib/schedule/cron/cron-schedule.ts';
import { type ExpressionKind, expressionKind } from '../../lib/schedule/cron/expression-kind.ts';
import { openJobSchedule } from '../../lib/schedule/cron/job-schedule.ts';
import type { CronFinding } from '../../lib/schedule/cron/finding.ts';
import { lintClocks } from '../../lib/schedule/cron/lint-clocks.ts';
import { lintCron } from '../../lib/schedule/cron/lint-cron.ts';
import { type ExpectedJob, expectRuns } from '../../lib/schedule/cron/overlaps.ts';
import { parseCron } from '../../lib/schedule/cron/parse-cron.ts';
import { type ScheduledRun, scheduledRun } from '../../lib/schedule/cron/scheduled-run.ts';
import { nextTransitions, type ScheduleTransition } from '../../lib/schedule/next-transitions.ts';
import { offhoursZone, parseOffhours } from '../../lib/schedule/parse-offhours.ts';
import { parseSchedule } from '../../lib/schedule/parse-schedule.ts';
import { readHolidays } from '../../lib/schedule/read-holidays.ts';
import type { Schedule } from '../../lib/schedule/schedule.ts';
import { presetNames } from '../../lib/schedule/words.ts';
import { localZoneName } from '../../lib/time/local-zone-name.ts';
import { parseMoment } from '../../lib/time/parse-moment.ts';
import { openZone, type Zone } from '../../lib/time/zone.ts';
import { jobRunColumns, runColumns, stateLine, transitionColumns } from '../../views/schedule-next.ts';

/** A schedule in words switches; a cron expression and a job run. */
type NextRecord = ScheduleTransition | ScheduledRun;

export default defineCommand({
  description: [
    'Print when a schedule switches or a job runs next, in its own zone and in UTC. It is a schedule in words, a cron expression, or the name of a job in devops.yaml; without it, the coming runs of all jobs are merged.',
    "Words are weekend (Saturday and Sunday), nights (19:00 to 07:00), office-hours (Monday to Friday, 07:00 to 19:00), 'Fri 19:00 - Mon 07:00' for once a week, '19:00 - 07:00' for every day, 'Mon-Fri 09:00 - 17:30' for each of these days, and several joined by commas: those of --off of stop-instances and start-instances, with --on those of --on. What holds an = is a tag value of Cloud Custodian's offhours, such as 'off=(M-F,19);on=(M-F,7);tz=et'. What holds now is told on standard error.",
    'Where the clocks skip the time at which it would switch, it switches at the first moment behind the gap; where they show it twice, at the first.',
    "A cron expression has the five fields of crontab(5), such as '30 2 * * *', or is @hourly, @daily, @weekly, @monthly or @yearly. Fixed times do the same at the clocks; where the minute or the hour begins with a star, it follows the clock: what is skipped is left out, what is shown twice runs twice. This is what cron does. What systemd or Kubernetes do else, and what else may surprise in a schedule, is told on standard error.",
    'A run that meets one that may still be going, of its own job or of one with the same lock, says so: a run takes as long as max_time of its job, else its timeout.',
  ].join('\n\n'),
  examples: [
    { command: 'devops schedule next', what: 'the coming runs of all jobs in devops.yaml' },
    { command: 'devops schedule next backup-db', what: 'those of one job' },
    {
      command: "devops schedule next '30 2 * * *' --tz Europe/Berlin",
      what: 'a cron expression, and what the clocks do to it',
    },
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
      .argument(
        '[expr]',
        "words such as weekend or 'Fri 19:00 - Mon 07:00' for when it is off, a tag value of offhours, a cron expression, or a job (default: all jobs)",
        (text: string) => {
          // The columns depend on what is asked for, and options are all that they are told.
          spec.setOptionValue('kind', expressionKind(text));
          return text;
        },
      )
      .option('--on', 'the words tell when it is on')
      .option('--offhours', 'it is a tag value of offhours, also when it holds no =')
      .option('--tz <zone>', "its time zone, such as Europe/Berlin (default: this machine's)")
      .option('--count <number>', 'how many to print', wholeNumber(1, 10_000), 10)
      .option('--from <moment>', 'from when on, such as 2026-12-20 (default: now)')
      .option('--holidays <file>', 'dates, one on each line: off all day with words, no switching with offhours'),
  complete: { expr: () => presetNames },
  shape: 'many',
  async *run(ctx, options, text?: string): AsyncGenerator<NextRecord> {
    const kind = kindOf(options);
    if (kind === 'cron') yield* runsOfExpression(ctx, options, text!);
    else if (kind === 'job') yield* runsOfJobs(ctx, options, text);
    else yield* transitions(ctx, options, text!);
  },
  columns: (options: Options): readonly Column<NextRecord>[] => {
    const kind = kindOf(options);
    return kind === 'cron' ? runColumns : kind === 'job' ? jobRunColumns : transitionColumns;
  },
});

interface Options {
  on?: true | undefined;
  offhours?: true | undefined;
  tz?: string | undefined;
  count: number;
  from?: string | undefined;
  holidays?: string | undefined;
  kind?: ExpressionKind;
}

/** Without an argument it is about jobs. */
function kindOf({ kind, offhours }: Options): ExpressionKind {
  return offhours === true && kind !== undefined ? 'offhours' : (kind ?? 'job');
}

async function* transitions(ctx: Context, options: Options, words: string): AsyncGenerator<ScheduleTransition> {
  const { schedule, zone } = await openSchedule(ctx, options, words);
  const after = startOf(ctx, options, zone);
  if (!ctx.quiet) {
    const line = stateLine(schedule.name, schedule.at(after), Math.floor(after), zone);
    void ctx.stderr.write(`devops: ${line}\n`);
  }
  yield* nextTransitions(schedule, { zone, after, count: options.count });
}

async function openSchedule(
  ctx: Context,
  options: Options,
  words: string,
): Promise<{ schedule: Schedule; zone: Zone }> {
  const { on, tz, holidays: file } = options;
  const zoneName = tz ?? localZoneName(ctx.env);
  const holidays = file === undefined ? undefined : await readHolidays(file, ctx.signal);
  if (kindOf(options) !== 'offhours') {
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

async function* runsOfExpression(ctx: Context, options: Options, text: string): AsyncGenerator<ScheduledRun> {
  refuse(options, 'a cron expression', ['on', 'holidays']);
  const schedule = await parseCron(text, { zone: options.tz ?? localZoneName(ctx.env) });
  const zone = openZone(schedule.zone);
  const after = startOf(ctx, options, zone);
  tellFindings(ctx, schedule, after);
  for (const at of schedule.nextRuns(after, options.count)) yield scheduledRun(schedule, zone, { at });
}

/** Of the job of that name, or of all that have a schedule. */
async function* runsOfJobs(ctx: Context, options: Options, name: string | undefined): AsyncGenerator<ScheduledRun> {
  const jobs = await chooseJobs(ctx, options, name);
  refuse(options, 'a job', ['on', 'offhours', 'tz', 'holidays']);
  const zoneOfMachine = localZoneName(ctx.env);
  const place = { zoneOfMachine, hostname: hostname() };
  const opened: (ExpectedJob & { zone: Zone })[] = [];
  for (const job of jobs) {
    const expected = await openJobSchedule(job, place);
    opened.push({ ...expected, zone: openZone(expected.schedule.zone) });
  }
  const chosen = opened.find((job) => job.name === name);
  const after = startOf(ctx, options, chosen?.zone ?? openZone(zoneOfMachine));
  if (chosen !== undefined) tellFindings(ctx, chosen.schedule, after, chosen.expectedSeconds);
  let left = options.count;
  let until = after;
  for (const { job, at, meets } of expectRuns(opened, after)) {
    if (chosen !== undefined && job !== chosen) continue;
    yield scheduledRun(job.schedule, job.zone, { at, job: job.name, meets });
    until = at;
    if (--left === 0) break;
    ctx.signal.throwIfAborted();
  }
  if (chosen !== undefined) return;
  // A run that is left out has no record.
  for (const { name: job, schedule } of opened) tell(ctx, lintClocks(schedule, after, until), `${job}: `);
}

/** Those to look at: for one job also those that it shares its lock with. */
async function chooseJobs(ctx: Context, options: Options, name: string | undefined): Promise<readonly Job[]> {
  const { config } = await ctx.config();
  const scheduled = resolveJobs(config).filter((job) => job.schedule !== undefined);
  if (name === undefined) {
    if (scheduled.length > 0) return scheduled;
    throw new UserError("missing required argument 'expr', as no job in devops.yaml has a schedule", {
      code: 'usage',
      hints: ["write a schedule, such as weekend or '30 2 * * *'"],
    });
  }
  if (!Object.hasOwn(config.jobs ?? {}, name)) throw await unknownName(name, options, () => findJob(name, config));
  const job = await findJob(name, config);
  return [
    job,
    ...scheduled.filter((other) => other.name !== name && job.lock !== undefined && other.lock === job.lock),
  ];
}

/** What it is not, in words: the mistake there, and the job that may have been meant. */
async function unknownName(name: string, { on }: Options, find: () => Promise<unknown>): Promise<unknown> {
  const noJob: unknown = await find().catch((error: unknown) => error);
  try {
    parseSchedule({ [on === true ? 'on' : 'off']: name, zone: 'UTC' });
    return noJob;
  } catch (error) {
    if (!(error instanceof UserError) || !(noJob instanceof UserError)) return error;
    const near = noJob.hints.filter((hint) => hint.startsWith('did you mean'));
    const hints = near.length === 0 ? error.hints : near.map((hint) => `among the jobs of devops.yaml, ${hint}`);
    return new UserError(`${error.message}; nor is it a job`, { code: 'usage', hints });
  }
}

function startOf(ctx: Context, { from }: Options, zone: Zone): number {
  const now = ctx.now().getTime() / 1000;
  return from === undefined ? now : parseMoment(from, { now, zone });
}

function refuse(options: Options, what: string, names: readonly ('on' | 'offhours' | 'tz' | 'holidays')[]): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  const hint = given === 'tz' ? 'its zone is its timezone in devops.yaml: leave --tz out' : `leave --${given} out`;
  throw new UserError(
    `--${given} is for ${given === 'tz' ? 'expressions' : 'schedules in words'}, and this is ${what}`,
    {
      code: 'usage',
      hints: [hint],
    },
  );
}

function tellFindings(ctx: Context, schedule: CronSchedule, after: number, timeoutSeconds?: number): void {
  tell(ctx, lintCron(schedule, { zoneOfMachine: localZoneName(ctx.env), after, timeoutSeconds }));
}

function tell(ctx: Context, findings: readonly CronFinding[], subject = ''): void {
  if (ctx.quiet) return;
  for (const { message, hint } of findings) {
    void ctx.stderr.write(`devops: note: ${subject}${message}\ndevops: hint: ${hint}\n`)?.catch(() => undefined);
  }
}

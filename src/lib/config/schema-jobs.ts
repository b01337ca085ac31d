import type { ZodType } from 'zod';
import { jobNameMistake, jobNamePattern } from '../jobs/job-name.ts';
import { readCron } from '../schedule/cron/read-cron.ts';
import { openZone } from '../time/zone.ts';
import { UserError } from '../errors/user-error.ts';
import { checkedText, reportMistake } from './checked-text.ts';
import { runMistake } from './run-mistake.ts';
import { absolutePath, environmentSchema, pathSchema } from './schema-job-environment.ts';
import { exitSchema, expectSchema, keepSchema, notifyOnSchema, retrySchema } from './schema-job-policies.ts';

type Zod = typeof import('zod');

/** One job as it stands in devops.yaml; resolveJob fills in what is left out. Texts stay as they were typed. */
export type JobSetting = import('zod').output<ReturnType<typeof jobsSchema>>[string];

/** The keys of a job that may stand in `defaults` as well. */
export type SharedJobSetting = Partial<Omit<JobSetting, 'run' | 'schedule'>>;

const longestRun = 65_536;
/** What `H` becomes on one machine says nothing about whether it can be read. */
const anySeed = 'any';

/** The jobs of `devops run JOB` and of the schedules, by their names. */
export function jobsSchema(z: Zod, shared: ReturnType<typeof sharedJobKeys>) {
  const word = z.string().max(longestRun).meta({ title: 'a text' });
  const job = z.strictObject({
    run: z
      .union([z.string().max(longestRun), z.array(word).min(1).max(1000)])
      .superRefine((run, issues) => reportMistake(issues, runMistake(run)))
      .meta({ title: 'a list of a program and its arguments, or a command line for /bin/sh' })
      .describe('The program and its arguments; a text instead of a list is run by /bin/sh -c.'),
    schedule: checkedText(z, (text) => readCron(text, anySeed))
      .meta({ title: `a schedule such as '30 2 * * *' or '@daily'` })
      .optional()
      .describe('When it runs, as in crontab(5); left out, somebody else starts it.'),
    ...shared,
  });
  return z.record(nameSchema(z), job);
}

/** What a job may say, and `defaults` for all jobs: made once for both, for a schema takes milliseconds to make. */
export function sharedJobKeys(z: Zod, duration: ZodType<string, string>) {
  return {
    timezone: checkedText(z, requireZone)
      .meta({ title: 'a time zone such as Europe/Berlin or UTC' })
      .optional()
      .describe('The zone of the schedule; left out, it is that of the machine.'),
    splay: duration
      .optional()
      .describe('The start is put off by a time below this, the same at every run of a job on a machine.'),
    catch_up: z
      .enum(['none', 'latest'])
      .optional()
      .describe('What becomes of runs that were missed: none, or the latest one; left out, it is none.'),
    overlap: z
      .union([z.enum(['skip', 'replace']), z.strictObject({ wait: duration.describe('How long it waits at most.') })])
      .meta({ title: 'one of skip, replace, { wait: 10m }' })
      .optional()
      .describe('What happens while the run before is still there: skip (the default), replace it, or wait for it.'),
    lock: z
      .union([lockName(z), z.boolean()])
      .meta({ title: 'a name, true or false' })
      .optional()
      .describe(
        'Jobs with the same lock never run at once: left out or true, it is the name of the job; false is none.',
      ),
    timeout: duration
      .optional()
      .describe('How long an attempt may take before it is ended; 0s and left out, for ever.'),
    kill_after: duration.optional().describe('The time between TERM and KILL; left out, it is 10s.'),
    retry: retrySchema(z).optional().describe('Whether a run that failed is tried again.'),
    exit: exitSchema(z).optional().describe('What the exit codes mean; what none of them names has failed.'),
    expect: expectSchema(z, duration).optional().describe('What a good run looks like.'),
    notify: z
      .union([notifierName(z), z.array(notifierName(z)).max(100)])
      .meta({ title: 'a name of notify, mailto:ADDRESS, or a list of these' })
      .optional()
      .describe('Who is told: names of notify, or mailto:ADDRESS; an empty list is nobody.'),
    notify_on: notifyOnSchema(z).optional().describe('When somebody is told.'),
    env: environmentSchema(z).optional().describe('The environment in which it runs.'),
    path: pathSchema(z).optional().describe('The folders in which programs are looked for, as in PATH.'),
    cwd: absolutePath(z).optional().describe('The folder in which it runs; left out, it is where devops is started.'),
    keep: keepSchema(z).optional().describe('What is kept of its runs.'),
  };
}

/** What is a name of a job, and of a notifier. */
export function nameSchema(z: Zod) {
  return z
    .string()
    .superRefine((name, issues) => reportMistake(issues, jobNameMistake(name)))
    .meta({ title: 'a name such as backup-db', pattern: jobNamePattern });
}

function lockName(z: Zod) {
  return nameSchema(z);
}

function notifierName(z: Zod) {
  return z.string().min(1).max(400).meta({ title: 'a name of notify, or mailto:ADDRESS' });
}

/** Schedules of every target know names only: an offset has no summer, and no crontab takes it. */
function requireZone(name: string): void {
  const zone = openZone(name);
  if (!/^[+-]/.test(zone.name)) return;
  throw new UserError(`found the offset '${zone.name}', expected the name of a time zone`, {
    hints: ['write for instance Europe/Berlin or UTC'],
  });
}

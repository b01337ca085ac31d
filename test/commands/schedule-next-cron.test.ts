import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScheduledRun } from '../../src/lib/schedule/cron/scheduled-run.ts';
import { main } from '../../src/main.ts';
import { testRuntime, type TestRuntimeOptions } from '../support/test-runtime.ts';

let folder: string;
let config: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-schedule-next-'));
  config = join(folder, 'devops.yaml');
  writeFileSync(
    config,
    `
defaults: { timezone: Europe/Berlin }
jobs:
  backup-db: { run: [devops, sysinfo], schedule: '30 2 * * *', lock: db, timeout: 2h, kill_after: 10s }
  vacuum: { run: [devops, sysinfo], schedule: '0 4 * * *', lock: db, overlap: { wait: 1h }, timezone: Europe/Paris }
  report: { run: [devops, sysinfo], schedule: 'H * * * *', timezone: UTC }
  weekend: { run: [devops, sysinfo], schedule: '0 5 1 1 *' }
  by-hand: { run: [devops, sysinfo] }
`,
    { mode: 0o600 },
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** On Friday, 2026-11-20, at 12:00 UTC. */
async function next(words: readonly string[], options: TestRuntimeOptions = {}) {
  const { runtime, stdout, stderr } = testRuntime({
    now: () => new Date('2026-11-20T12:00:00Z'),
    env: { TZ: 'UTC' },
    ...options,
  });
  const code = await main(['schedule', 'next', ...words], runtime);
  return { code, stdout: stdout(), stderr: stderr() };
}
const ofConfig = (...words: string[]) => next(['--config', config, ...words]);
const jsonOf = async (...words: string[]) => {
  const { code, stdout } = await ofConfig(...words, '-o', 'json');
  expect(code).toBe(0);
  return JSON.parse(stdout) as ScheduledRun[];
};

const berlin = ['--tz', 'europe/berlin'];

test('a cron expression has a line of values for each run', async () => {
  expect(await next(['15 4 * * mon', ...berlin, '--count', '2'])).toEqual({
    code: 0,
    stdout:
      '2026-11-23T04:15:00+01:00\tMonday\t2026-11-23T03:15:00Z\tunique\t\n' +
      '2026-11-30T04:15:00+01:00\tMonday\t2026-11-30T03:15:00Z\tunique\t\n',
    stderr: '',
  });
});

test('@daily is one too, in the zone of the machine', async () => {
  const { stdout } = await next(['@daily', '--count', '1'], { env: { TZ: 'Asia/Kathmandu' } });
  expect(stdout).toMatch(/^2026-11-21T00:00:00\+05:45\t/);
});

test('what the clocks do is a note of the run, and what every target does is told on standard error', async () => {
  const words = ['30 2 * * *', ...berlin, '--from', '2027-03-27 12:00', '--count', '2'];
  const { stdout, stderr } = await next(words, { terminalColumns: 120, env: { NO_COLOR: '1' } });
  const lines = stdout.split('\n').map((line) => line.trimEnd());
  expect(lines).toContain(
    'Sun 2027-03-28 03:00 +02:00  2027-03-28T01:00:00Z  the clocks skip 02:30: first moment behind the gap',
  );
  expect(stderr).toContain('devops: note: the clocks of Europe/Berlin skip 02:30 on 2027-03-28');
  expect(stderr).toContain('left out by systemd and Kubernetes\ndevops: hint: choose a time outside 02:00 to 03:00');
  expect((await next([...words, '-q'])).stderr).toBe('');
});

test.each([
  [
    '30 2 * * *',
    '2027-10-31',
    [['2027-10-31T02:30:00+02:00', 'repeated', 'the clocks show it twice: first time only']],
  ],
  [
    '*/30 2 * * *',
    '2027-10-31 02:10',
    [
      ['2027-10-31T02:30:00+02:00', 'repeated', 'the clocks show it twice: first time'],
      ['2027-10-31T02:00:00+01:00', 'repeated', 'the clocks show it twice: second time'],
    ],
  ],
  [
    '0 2,3 * * *',
    '2027-03-28',
    [['2027-03-28T03:00:00+02:00', 'unique', 'the clocks skip 02:00: this run stands for it too']],
  ],
  ['0 3 * * *', '2027-03-28', [['2027-03-28T03:00:00+02:00', 'unique', undefined]]],
])('%s from %s is noted as %j', async (expression, from, expected) => {
  const words = [expression, ...berlin, '--from', from, '--count', String(expected.length), '-o', 'json'];
  const runs = JSON.parse((await next(words)).stdout) as ScheduledRun[];
  expect(runs.map(({ local, clock, note }) => [local, clock, note])).toEqual(expected);
});

test('what may surprise in the expression is told', async () => {
  const { stderr } = await next(['0 4 13 * fri', ...berlin]);
  expect(stderr).toBe(
    'devops: note: a day of the month (13) and one of the week (5): it runs on either of them\n' +
      "devops: hint: leave one of them '*'; for days that are both, let the job look at the date\n",
  );
});

test('a job has its own zone, and names what it may meet', async () => {
  const [run, ...more] = await jsonOf('vacuum', '--count', '1');
  expect(more).toEqual([]);
  expect(run).toEqual({
    job: 'vacuum',
    schedule: '0 4 * * *',
    zone: 'Europe/Paris',
    local: '2026-11-21T04:00:00+01:00',
    weekday: 'Saturday',
    utc: '2026-11-21T03:00:00Z',
    clock: 'unique',
    note: 'backup-db may run until 04:30',
    overlap: { job: 'backup-db', since: '2026-11-21T01:30:00Z', until: '2026-11-21T03:30:10Z' },
  });
});

test('without an argument the runs of all jobs are merged, each in its zone', async () => {
  const runs = await jsonOf('--from', '2026-11-21 01:00', '--count', '5');
  const moments = runs.map(({ utc }) => utc);
  expect(moments).toEqual(moments.toSorted());
  expect(runs.filter(({ job }) => job !== 'report').map(({ job, local }) => `${job} ${local}`)).toEqual([
    'backup-db 2026-11-21T02:30:00+01:00',
    'vacuum 2026-11-21T04:00:00+01:00',
  ]);
  // H is the same minute at each hour.
  const reports = runs.filter(({ job }) => job === 'report');
  expect(new Set(reports.map(({ schedule }) => schedule))).toEqual(new Set([reports[0]!.schedule]));
  expect(reports[0]!.schedule).toMatch(/^\d+ \* \* \* \*$/);
});

test('a run that the clocks leave out has no line, so that it is told', async () => {
  const two = join(folder, 'left-out.yaml');
  writeFileSync(
    two,
    `jobs: { often: { run: [devops, sysinfo], schedule: '*/20 2 * * *', timezone: Europe/Berlin } }\n`,
    {
      mode: 0o600,
    },
  );
  const { stdout, stderr } = await next(['--config', two, '--from', '2027-03-27 22:00', '--count', '1']);
  expect(stdout).toMatch(/^2027-03-29T02:00:00\+02:00\t/);
  expect(stderr).toContain('devops: note: often: the clocks of Europe/Berlin skip 02:00, 02:20, 02:40 on 2027-03-28: ');
  const quiet = await next(['--config', two, '--count', '1']);
  expect(quiet.stderr).toBe('');
});

test('what is a schedule in words stays one, also where a job has its name', async () => {
  const { stdout, stderr } = await ofConfig('weekend', '--count', '1');
  expect(stdout).toContain('\toff\tunique');
  expect(stderr).toContain('(weekend UTC)');
});

test.each([
  [['@dail'], 'no such nickname', 'did you mean @daily?'],
  [['60 * * * *'], "minute: '60' is no minute", '0 to 59'],
  [['0 0 30 2 *'], 'it never fires', ''],
  [['30 2 * *'], 'it has 4 of five fields', ''],
  [['0 30 2 * * *'], 'it has 6 fields', 'no seconds'],
  [['H * * * *'], 'H is made from the name of a job', ''],
  [['30 2 * * *', '--on'], '--on is for schedules in words, and this is a cron expression', 'leave --on out'],
  [['30 2 * * *', '--holidays', 'x'], '--holidays is for schedules in words', 'leave --holidays out'],
  [['30 2 * * *', '--offhours'], "offhours '30 2 * * *'", ''],
  [['backup-db', '--tz', 'UTC'], '--tz is for expressions, and this is a job', 'timezone in devops.yaml'],
  [['--on'], '--on is for schedules in words, and this is a job', ''],
  [['by-hand'], "job 'by-hand' has no schedule", 'schedule:'],
  [['backup-bd'], 'nor is it a job', "among the jobs of devops.yaml, did you mean 'backup-db'?"],
  [['weeknd-2'], "schedule 'weeknd-2', column 1: ", ''],
  [['30 2 * * *', '--tz', 'Europe/Belrin'], 'is not a time zone', "did you mean 'Europe/Berlin'?"],
])('%j is a usage error that says what to mend', async (words, message, hint) => {
  const { code, stdout, stderr } = await ofConfig(...words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});

test('without an argument and without jobs there is nothing to tell', async () => {
  const { code, stderr } = await next([]);
  expect(code).toBe(2);
  expect(stderr).toContain("missing required argument 'expr', as no job in devops.yaml has a schedule");
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobBench } from './job-bench.ts';

let bench: ReturnType<typeof jobBench>;
beforeEach(() => {
  bench = jobBench();
  bench.config("jobs: { backup-db: { run: ['true'] }, free: { run: ['true'], lock: false } }");
});
afterEach(() => bench.close());

const noName = /^option '--(name|lock)': this is no name: .*/;
const noDuration = /^option '--[a-z-]+': '.*' is not a duration$/;

test.each<[string, string | RegExp, string | RegExp]>([
  ['run bakup-db', "there is no job 'bakup-db'", "did you mean 'backup-db'?"],
  ['run sort', "there is no job 'sort'", 'to run a program, write: devops run -- sort ...'],
  ['run sort -r', "unknown option '-r'", /--help/],
  ['run sort file', "there is no job 'sort'", 'to run a program, write: devops run -- sort ...'],
  ['run /opt/x.sh', "there is no job '/opt/x.sh'", 'to run a program, write: devops run -- /opt/x.sh ...'],
  ['run', 'there is nothing to run', /devops run JOB/],
  ['run --', 'there is nothing to run', /devops run JOB/],
  ['run backup-db now', 'a job takes no arguments', /devops run -- PROGRAM/],
  ['run backup-db -- true', "both a job, 'backup-db', and a program are given", /devops run -- PROGRAM/],
  ['run --notify osp backup-db', "there is no notifier 'osp'", /mailto:/],
  ['run --wait 5s -- true', 'there is no lock to wait for', /--lock NAME/],
  ['run --wait 5s free', 'there is no lock to wait for', /--lock NAME/],
  ['run --timeout 5x backup-db', noDuration, /90s/],
  ['run --kill-after -1s backup-db', noDuration, /90s/],
  ['run --wait soon backup-db', noDuration, /90s/],
  ['run --backoff 5 backup-db', noDuration, /90s/],
  ['run --backoff 10s..1s backup-db', /'10s..1s' is not a range/, /shorter wait first/],
  ['run --retry 0 backup-db', /'0' is not a number from 1 to 100/, /$/],
  ['run --retry 1.5 backup-db', /'1.5' is not a number from 1 to 100/, /$/],
  ['run --name ../x -- true', noName, /backup-db/],
  ['run --lock ../x -- true', noName, /backup-db/],
  ['run --name .hidden -- true', noName, /backup-db/],
  [`run --name ${'x'.repeat(101)} -- true`, /^option '--name': /, /$/],
  ['run -o csv backup-db', "'run' has no csv output", /serves: text, json/],
  ['jobs history bakup-db', "there is no job 'bakup-db' here", "did you mean 'backup-db'?"],
  ['jobs history ../state', "there is no job '../state' here", /status --all/],
  ['jobs logs ../../etc', "there is no job '../../etc' here", /status --all/],
  ['jobs logs backup-db', "job 'backup-db' has no run here", 'list them: devops jobs history backup-db'],
  ['jobs logs backup-db --run nothing', "job 'backup-db' has no run nothing here", /history backup-db/],
  ['jobs status bakup-db', "there is no job 'bakup-db'", "did you mean 'backup-db'?"],
  ['jobs history backup-db --last 0', /'0' is not a number/, /$/],
  ['jobs history backup-db --since x', /not a duration/, /90s/],
  ['sysinfo --lock ../x', noName, /backup-db/],
  ['sysinfo --retry 0', /'0' is not a number from 1 to 100/, /$/],
  ['sysinfo --backoff x', noDuration, /90s/],
  ['sysinfo --kill-after x', noDuration, /90s/],
  ['sysinfo --notify nobody', "there is no notifier 'nobody'", /mailto:/],
  ['sysinfo --wait 5s --lock x', "unknown option '--wait'", /--help/],
  ['config check --lock x --nonsense', "unknown option '--nonsense'", /--help/],
])('devops %s: one line, what to do, and 2', async (line, message, hint) => {
  const { code, stdout, stderr } = await bench.devops(line);
  expect([code, stdout]).toEqual([2, '']);
  const [error = '', told = '', ...more] = stderr.trimEnd().split('\n');
  expect(error.replace(/^devops: error: /, '')).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  );
  expect(told.replace(/^devops: hint: /, '')).toEqual(typeof hint === 'string' ? hint : expect.stringMatching(hint));
  expect(more).toEqual([]);
});

test('a mistake in devops.yaml is told before anything runs', async () => {
  bench.config("jobs: { a: { run: ['touch', 'HERE/ran'], tiemout: 5s } }");
  const { code, stderr } = await bench.devops('run a');
  expect(code).toBe(2);
  expect(stderr).toMatch(/devops\.yaml:2:\d+: .*tiemout[^]*timeout/);
});

test('a secret that is missing is told before the job starts, and in every format', async () => {
  bench.config("jobs: { a: { run: ['touch', 'HERE/ran'], env: { secrets: { A: { env: NOT_SET } } } } }");
  const { code, stderr } = await bench.devops('run a');
  expect(code).toBe(2);
  expect(stderr).toContain("'NOT_SET'");
  expect((await bench.devops('run a -o nagios')).code).toBe(3);
});

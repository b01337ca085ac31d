import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bin, node } from '../support/start-devops.ts';
import { jobBench, shellJob } from './job-bench.ts';

let bench: ReturnType<typeof jobBench>;
beforeEach(() => {
  bench = jobBench();
});
afterEach(() => bench.close());

const at = (time: string) => ({ now: () => new Date(time) });

/** The records of `devops jobs status`, by name; those of the alerts as `alerts`. */
async function status(line = '', options: Parameters<typeof bench.devops>[1] = {}) {
  const { code, stdout } = await bench.devops(`jobs status -o json${line}`, options);
  const records = JSON.parse(stdout) as ({ kind: string; job?: string } & Record<string, unknown>)[];
  return { code, jobs: Object.fromEntries(records.map((record) => [record.job ?? record.kind, record])) };
}

test('a machine without jobs: nothing is wrong, and nothing is made', async () => {
  expect(await bench.devops('jobs list')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await bench.devops('jobs status')).toEqual({
    code: 0,
    stdout: 'alerts\tnone\t\tno alert waits\t\t\t\n',
    stderr: '',
  });
  expect(readdirSync(bench.folder)).toEqual([]);
});

test('the list has when a job runs next, in its own zone, and no password', async () => {
  bench.config(`
    notify: { ops: { type: mail, to: [ops@example.org] } }
    jobs:
      a: { run: [dump, --password, hunter2], schedule: '30 2 * * *', timezone: Europe/Berlin, notify: ops }
      b: { run: 'true', lock: false, timeout: 90s }
  `);
  const { stdout } = await bench.devops('jobs list -o json', at('2026-06-01T00:00:00Z'));
  expect(stdout).not.toContain('hunter2');
  expect(JSON.parse(stdout)).toMatchObject([
    { job: 'a', schedule: '30 2 * * *', timezone: 'Europe/Berlin', nextRunAt: '2026-06-01T00:30:00.000Z', lock: 'a' },
    { job: 'b', timeoutSeconds: 90, notify: [], command: '/bin/sh -c true' },
  ]);
});

test('on a terminal the tables fit their width, be it 80 columns or 200', async () => {
  bench.config(`jobs: { a-job-with-a-rather-long-name: { run: 'echo ${'long '.repeat(40)}; exit 3' } }`);
  await bench.devops('run a-job-with-a-rather-long-name');
  for (const terminalColumns of [80, 200]) {
    for (const line of ['list', 'status', 'history a-job-with-a-rather-long-name']) {
      const { stdout } = await bench.devops(`jobs ${line} --no-color`, { terminalColumns });
      const widths = stdout.split('\n').map((text) => text.length);
      expect(Math.max(...widths), `${line} at ${terminalColumns}`).toBeLessThanOrEqual(terminalColumns);
      expect(stdout).toContain(line.startsWith('history') ? 'failed' : 'a-job-with-a-rather-long-name');
    }
  }
});

test('history: the last ones, those that failed, those since then', async () => {
  for (const [day, script] of ['exit 0', 'exit 1', 'exit 0', 'exit 2'].entries()) {
    await bench.devops(shellJob(script), at(`2026-06-0${day + 1}T00:00:00Z`));
  }
  const codes = async (line: string) => {
    const { stdout } = await bench.devops(`jobs history job -o json ${line}`.trim(), at('2026-06-04T01:00:00Z'));
    return (JSON.parse(stdout) as { exitCode: number }[]).map(({ exitCode }) => exitCode);
  };
  expect(await codes('')).toEqual([0, 1, 0, 2]);
  expect(await codes('--failed')).toEqual([1, 2]);
  expect(await codes('--last 1 --failed')).toEqual([2]);
  expect(await codes('--since 26h')).toEqual([0, 2]);
  expect(await codes('--since 1s')).toEqual([]);
});

test('logs: of the last run, of the last that failed, of one that is named', async () => {
  await bench.devops(shellJob('echo first; exit 1'));
  await bench.devops(shellJob('printf second'));
  await bench.devops(shellJob('true'));
  const log = async (line: string) => (await bench.devops(`jobs logs job ${line}`.trim())).stdout;
  expect(await log('')).toBe('');
  expect(await log('--failed')).toBe('first\n');
  const [first, second] = bench.history('job');
  expect(await log(`--run ${second!.runId}`)).toBe('second');
  expect(JSON.parse(await log(`--run ${first!.runId} -o json`))).toMatchObject({
    run: { runId: first!.runId, state: 'failed' },
    output: 'first\n',
  });
});

test('a run whose output was removed is told, not shown as empty', async () => {
  await bench.devops(shellJob('echo x'));
  const { logFile } = bench.history('job')[0]!;
  execFileSync('rm', [logFile!]);
  const { code, stderr } = await bench.devops('jobs logs job');
  expect(code).toBe(2);
  expect(stderr).toContain(`cannot read '${logFile}': no such file or directory`);
});

test('status: good, failed, never run; and 1 when one is bad', async () => {
  bench.config("jobs: { good: { run: 'true' }, bad: { run: 'exit 3' }, new: { run: 'true' } }");
  await bench.devops('run good');
  expect(await status()).toMatchObject({
    code: 0,
    jobs: { good: { state: 'ok', failures: 0 }, new: { state: 'never' } },
  });
  await bench.devops('run bad');
  await bench.devops('run bad');
  const { code, jobs } = await status();
  expect(code).toBe(1);
  expect(jobs['bad']).toMatchObject({ state: 'failed', detail: 'exit code 3', exitCode: 3, failures: 2 });
  expect(jobs['bad']).not.toHaveProperty('lastGoodAt');
  expect((await status(' good')).code).toBe(0);
});

test('a job that is skipped has done nothing: it is neither good nor bad, and is missed in the end', async () => {
  bench.config("jobs: { job: { run: 'exit $(cat HERE/code)', exit: { skip: [75] }, expect: { max_age: 26h } } }");
  const run = async (code: number, time: string) => {
    execFileSync('sh', ['-c', `echo ${code} > ${join(bench.folder, 'code')}`]);
    await bench.devops('run job', at(time));
  };
  await run(0, '2026-06-01T00:00:00Z');
  await run(3, '2026-06-01T20:00:00Z');
  await run(75, '2026-06-02T01:00:00Z');
  expect(await status('', at('2026-06-02T01:00:00Z'))).toMatchObject({
    code: 0,
    jobs: { job: { state: 'skipped', failures: 1, lastGoodAt: '2026-06-01T00:00:00.000Z' } },
  });
  const late = await status('', at('2026-06-02T03:00:00Z'));
  expect(late).toMatchObject({ code: 1, jobs: { job: { state: 'missed' } } });
  expect(late.jobs['job']!['detail']).toContain('ago; expected is one every 1d 2h');
});

test('a job that never had a good run is missed from its first run on, also where nobody is told', async () => {
  bench.config("jobs: { job: { run: 'exit 3', expect: { max_age: 1d } } }");
  await bench.devops('run job', at('2026-06-01T00:00:00Z'));
  expect((await status('', at('2026-06-01T23:00:00Z'))).jobs['job']).toMatchObject({ state: 'failed' });
  expect((await status('', at('2026-06-02T01:00:00Z'))).jobs['job']).toMatchObject({
    state: 'missed',
    detail: expect.stringMatching(/^no good run yet, 1d 1h ago/),
  });
});

test('starts that always find the one before still running are stuck; alerts that wait too long are told', async () => {
  const lock = `stuck-${Math.random().toString(36).slice(2)}`;
  bench.config(`jobs: { job: { run: 'true', lock: ${lock}, notify_on: { stuck: 2 } } }`);
  await bench.devops('run job');
  const once = `[ -e done ] || { touch done; for n in 1 2; do $DEVOPS run job; done; $DEVOPS jobs status -o json; }`;
  const held = await bench.shell(`$DEVOPS run --name holder --lock ${lock} --stream -- bash -c '${once}'`, {
    DEVOPS: `${node} ${bin}`,
  });
  expect(JSON.parse(held.stdout)).toMatchObject([
    { job: 'job', state: 'stuck', skips: 2, exitCode: 0 },
    { kind: 'alerts' },
  ]);
  expect((await status()).code).toBe(1);
  await bench.devops('run job');
  expect(await status()).toMatchObject({ code: 0, jobs: { job: { state: 'ok', skips: 0 } } });
});

test('a job that runs now is shown so', async () => {
  const held = await bench.shell(`$DEVOPS run --name job --stream -- bash -c '$DEVOPS jobs status job -o json'`, {
    DEVOPS: `${node} ${bin}`,
  });
  expect(JSON.parse(held.stdout)).toMatchObject([{ job: 'job', state: 'never', running: true }, {}]);
});

test('status --alert tells that a job was missed, once, and where nobody is to be told nothing is made', async () => {
  bench.config(
    "jobs: { quiet: { run: 'true' }, job: { run: 'true', notify: 'mailto:ops@example.org', expect: { max_age: 1h } } }",
  );
  const env = { DEVOPS_SMTP_URL: 'smtp://127.0.0.1:1?starttls=never', DEVOPS_MAIL_FROM: 'jobs@example.org' };
  await bench.devops('run job', at('2026-06-01T00:00:00Z'));
  const look = (time: string) => status(' --alert', { ...at(time), env });
  expect((await look('2026-06-01T00:30:00Z')).jobs['alerts']).toMatchObject({ waiting: 0 });
  expect(await look('2026-06-01T02:00:00Z')).toMatchObject({
    code: 1,
    jobs: { job: { state: 'missed' }, alerts: { waiting: 1 } },
  });
  expect(await look('2026-06-01T03:30:00Z')).toMatchObject({
    code: 1,
    jobs: { alerts: { waiting: 1, oldestSeconds: 5400 } },
  });
  expect(readdirSync(join(bench.state, 'jobs'))).toEqual(['job']);
});

test('-o prometheus is what promtool accepts', async () => {
  bench.config("jobs: { good: { run: 'true', schedule: '0 1 * * *' }, bad: { run: 'exit 3' }, new: { run: 'true' } }");
  await bench.devops('run good');
  await bench.devops('run bad');
  const { code, stdout } = await bench.devops('jobs status -o prometheus');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^devops_job_last_exit_code\{job="bad"\} 3$/m);
  execFileSync('promtool', ['check', 'metrics'], { input: stdout });
});

test('of the runs and their logs only so many are kept, and of a log its beginning and end', async () => {
  bench.config("jobs: { job: { run: 'seq 1 5000', keep: { runs: 3, log_bytes: 1000 } } }");
  for (let run = 0; run < 12; run++) expect((await bench.devops('run job')).code).toBe(0);
  const folder = join(bench.state, 'jobs/job/runs');
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  expect(logs).toHaveLength(3);
  const text = readFileSync(join(folder, logs[0]!), 'utf8');
  expect(text.length).toBeLessThanOrEqual(1000);
  expect(text).toMatch(/^1\n2\n[^]*\n4999\n5000\n$/);
  const { stdout } = await bench.devops('jobs history job');
  const kept = stdout.trimEnd().split('\n').length;
  expect(kept).toBeGreaterThanOrEqual(3);
  expect(kept).toBeLessThan(12);
});

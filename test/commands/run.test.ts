import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobBench, shellJob } from './job-bench.ts';

let bench: ReturnType<typeof jobBench>;
beforeEach(() => {
  bench = jobBench();
});
afterEach(() => bench.close());

const silent = { code: 0, stdout: '', stderr: '' };

test('a good job is silent, whatever it prints and wherever', async () => {
  expect(await bench.devops(shellJob('echo out; echo err >&2'))).toEqual(silent);
  expect(await bench.devops('jobs logs job')).toEqual({ ...silent, stdout: 'out\nerr\n' });
});

test('a failed job is one report on standard error, with its whole output in order', async () => {
  const { code, stdout, stderr } = await bench.devops(shellJob('echo out; echo err >&2; exit 3'));
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(
    /^devops: job on \S+: exit code 3\ndevops: from \S+Z to \S+Z, run [-\da-f]{36}\ndevops: its output: \/\S+\.log\n\nout\nerr\n$/,
  );
});

test.each([0, 1, 2, 75, 124, 125, 126, 127, 128, 255])('exit code %i of a program is passed on', async (code) => {
  const result = await bench.devops(shellJob(`exit ${code}`));
  expect(result.code).toBe(code);
  expect(result.stderr === '').toBe(code === 0);
});

test.each([
  ['sh -c "kill -9 $$"', ['sh', '-c', 'kill -9 $$'], 137, 'ended by SIGKILL'],
  ['sh -c "kill -TERM $$"', ['sh', '-c', 'kill -TERM $$'], 143, 'ended by SIGTERM'],
  ['a program that is not there', ['no-such-program'], 127, "cannot start 'no-such-program': no such program"],
  ['a path that is not there', ['./nothing'], 127, "cannot start './nothing': no such program"],
  ['an empty name', [''], 127, "cannot start '': no such program"],
  ['a file that is no program', ['/etc/passwd'], 126, "cannot start '/etc/passwd': permission denied"],
  ['a folder', ['/'], 126, "cannot start '/': permission denied"],
])('%s: the code a shell would give, and why', async (_, argv, code, words) => {
  const result = await bench.devops(['run', '--name', 'job', '--', ...argv]);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(`: ${words}\n`);
  expect(bench.history('job')).toMatchObject([{ exitCode: code, state: 'failed', complete: false }]);
});

test('a name is made for a program that has none: the same for the same words in the same folder', async () => {
  for (const line of ['run -- true', 'run -- true', 'run -- true x', 'run --name mine -- true']) {
    expect(await bench.devops(line)).toEqual(silent);
  }
  const { stdout } = await bench.devops('jobs status --all -o json');
  const jobs = (JSON.parse(stdout) as { job?: string }[]).flatMap(({ job }) => job ?? []);
  expect(jobs).toEqual([
    'mine',
    expect.stringMatching(/^true-[\da-f]{6}$/),
    expect.stringMatching(/^true-[\da-f]{6}$/),
  ]);
});

test('a job is tried again until it is good, and only then told of', async () => {
  const again = ['--retry', '3', '--backoff', '1ms..2ms'];
  const until = (count: number) => `echo x >> count; echo try $(wc -l < count); [ $(wc -l < count) -ge ${count} ]`;
  expect(await bench.devops(shellJob(`cd ${bench.folder}; ${until(3)}`, ...again))).toEqual(silent);
  expect(readFileSync(bench.history('job')[0]!.logFile!, 'utf8')).toBe(
    'try 1\n[devops: attempt 2]\ntry 2\n[devops: attempt 3]\ntry 3\n',
  );
  const result = await bench.devops(shellJob(`cd ${bench.folder}; ${until(9)}`, ...again));
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('exit code 1, after 3 attempts');
  expect(bench.history('job').map(({ attempts }) => attempts)).toEqual([3, 3]);
});

test.each([126, 127])('%i is not tried again', async (code) => {
  expect((await bench.devops(shellJob(`exit ${code}`, '--retry', '3', '--backoff', '1ms..2ms'))).code).toBe(code);
  expect(bench.history('job')).toMatchObject([{ attempts: 1 }]);
});

test('a busy lock is silent, 75 and in the history; -v tells who has it', async () => {
  const lock = `test-${Math.random().toString(36).slice(2)}`;
  const holder = bench.start(['run', '--name', 'holder', '--lock', lock, '--', 'sh', '-c', 'touch begun; sleep 30']);
  while ((await bench.devops(['run', '--name', 'look', '--', 'test', '-e', join(bench.folder, 'begun')])).code !== 0);
  expect(await bench.devops(shellJob('true', '--lock', lock))).toEqual({ ...silent, code: 75 });
  const told = await bench.devops(['-v', ...shellJob('true', '--lock', lock)]);
  expect(told.stderr).toMatch(/job is not run: the lock is held by devops run holder, process \d+, for \ds\n/);
  const json = await bench.devops(['-o', 'json', ...shellJob('true', '--lock', lock)]);
  expect(JSON.parse(json.stdout)).toMatchObject({
    state: 'busy',
    attempts: 0,
    heldBy: expect.stringContaining('holder'),
  });
  expect((await bench.devops(['-o', 'nagios', ...shellJob('true', '--lock', lock)])).code).toBe(0);
  expect(bench.history('job').map(({ state }) => state)).toEqual(['busy', 'busy', 'busy', 'busy']);
  holder.kill('SIGTERM');
  expect((await bench.devops(shellJob('echo mine', '--lock', lock, '--wait', '5s'))).code).toBe(0);
  expect((await holder).exitCode).toBe(143);
});

test('standard input is that of the job', async () => {
  const { exitCode } = await bench.shell('printf "one\\ntwo" | $DEVOPS run --name job -- cat');
  expect(exitCode).toBe(0);
  expect((await bench.devops('jobs logs job')).stdout).toBe('one\ntwo');
});

test('a job inside a job: one report within the other, and the code of the innermost', async () => {
  const { code, stderr } = await bench.devops([
    'run',
    '--name',
    'outer',
    '--',
    'devops',
    'run',
    '--name',
    'inner',
    '--',
    'sh',
    '-c',
    'echo deep; exit 7',
  ]);
  expect(code).toBe(7);
  expect(stderr.match(/^devops: (outer|inner) on .*exit code 7$/gm)).toHaveLength(2);
  expect(stderr.match(/^deep$/gm)).toHaveLength(1);
  expect(bench.history('outer')[0]!.runId).not.toBe(bench.history('inner')[0]!.runId);
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobBench } from './job-bench.ts';

// The options of a job on every other command: it stays what it is, and is a job beside that.

let bench: ReturnType<typeof jobBench>;
let lock: string;
beforeEach(() => {
  bench = jobBench();
  lock = `flags-${Math.random().toString(36).slice(2)}`;
  writeFileSync(join(bench.folder, 'app.log'), 'ok 1\nERROR two\nok 3\n');
});
afterEach(() => bench.close());

/** The same line with options of a job as a process, and without in this one. */
async function both(words: readonly string[], flags: readonly string[], where: 'before' | 'after', stdin = '') {
  const all = where === 'before' ? [...flags, ...words] : [...words, ...flags];
  const job = await bench.shell(`printf '${stdin}' | $DEVOPS ${all.map((word) => `'${word}'`).join(' ')}`);
  return { plain: await bench.devops(words, { stdin: stdin.replaceAll('\\n', '\n') }), job };
}

test.each<[string, string[], 'before' | 'after', string?]>([
  ['logs-grep -c ERROR app.log', ['--lock', 'LOCK'], 'after'],
  ['logs-grep -o ERR app.log', ['--retry', '2'], 'before'],
  ['logs-grep -n ERROR app.log', ['--lock', 'LOCK', '--kill-after', '1s'], 'before'],
  ['logs-grep -q nothing app.log', ['--retry', '2'], 'after'],
  ['logs-grep -v ok', ['--lock', 'LOCK'], 'before', 'ok\\nbad\\n'],
  ['logs-grep -c ok -', ['--retry', '2'], 'after', 'ok\\nbad\\n'],
  ['logs-grep ERROR no-such-file', ['--lock', 'LOCK'], 'after'],
  ['config check -o json', ['--lock', 'LOCK', '--retry', '2'], 'after'],
  ['config check -o nagios', ['--retry', '2', '--backoff', '1ms..2ms'], 'before'],
  ['config chekc', ['--retry', '2'], 'after'],
  ['jobs list -o jsonl', ['--lock', 'LOCK'], 'after'],
  ['config schema', ['--lock', 'LOCK'], 'before'],
])('devops %s with %s %s says the same', async (line, flags, where, stdin) => {
  const { plain, job } = await both(
    line.split(' '),
    flags.map((flag) => flag.replace('LOCK', lock)),
    where,
    stdin,
  );
  expect({ code: job.exitCode, stdout: job.stdout, stderr: job.stderr }).toEqual({
    code: plain.code,
    stdout: plain.stdout,
    stderr: plain.stderr,
  });
});

test('its standard output stays data, its code stays, and it is in the history with what it found', async () => {
  const words = ['sysinfo', '--lock', lock, '--retry', '2', '-o', 'json', '--fail-if', 'load1>=0'];
  const { exitCode, stdout } = await bench.start(words);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'critical' });
  const { stdout: all } = await bench.devops('jobs status --all -o json');
  const [{ job }] = JSON.parse(all) as [{ job: string }];
  // A finding is an answer: it is not asked for again, and the run did what it had to.
  expect(bench.history(job)).toMatchObject([{ state: 'failed', exitCode: 1, attempts: 1, complete: true }]);
  expect(JSON.parse(all)).toMatchObject([{ state: 'failed', failures: 1, lastGoodAt: expect.any(String) }, {}]);
});

test('-o nagios with its other exit codes means the same to the job', async () => {
  const line = ['sysinfo', '--retry', '3', '--backoff', '1ms..2ms', '-o', 'nagios', '--fail-if', 'load1>=0'];
  const { exitCode, stdout } = await bench.start(line);
  expect([exitCode, stdout.slice(0, 16)]).toEqual([2, 'SYSINFO CRITICAL']);
  const { stdout: all } = await bench.devops('jobs status --all -o jsonl');
  const { job } = JSON.parse(all.split('\n')[0]!) as { job: string };
  expect(bench.history(job)).toMatchObject([{ attempts: 1, complete: true }]);
});

test('what cannot be done is tried again, and told once', async () => {
  const words = ['logs-grep', '--retry', '3', '--backoff', '1ms..2ms', 'x', 'no-such-file'];
  const { exitCode, stdout, stderr } = await bench.start(words);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain('[devops: attempt 3]');
});

test('a busy lock is silent and 75', async () => {
  const line = `$DEVOPS run --lock ${lock} -- sh -c '
    $DEVOPS logs-grep --lock ${lock} ERROR app.log; echo $? > code'; cat code`;
  expect(await bench.shell(line)).toMatchObject({ stdout: '75\n', stderr: '' });
});

test('nobody is asked anything, and with --dry-run nothing is changed', async () => {
  bench.config('jobs: { a: { run: [true-job], schedule: "0 4 * * *" } }');
  const line = ['schedule', 'render', '--to', 'crontab', '--lock', lock];
  const { exitCode, stdout } = await bench.start(line);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^0 4 \* \* \* /m);
});

test.each(['sysinfo', 'logs-grep', 'config check', 'ssl-expiry', 'stop-instances', 'doctor', 'jobs list'])(
  'devops %s --help shows the options of a job',
  async (name) => {
    const { code, stdout } = await bench.devops([...name.split(' '), '--help']);
    expect(code).toBe(0);
    for (const option of ['--notify', '--lock', '--retry', '--backoff', '--kill-after']) {
      expect(stdout).toMatch(new RegExp(`^ +${option} <`, 'm'));
    }
  },
);

test.each(['bash', 'zsh', 'fish'])('the completion of %s knows them, before and after the command', async (shell) => {
  for (const words of [['--lo'], ['sysinfo', '--lo'], ['config', 'check', '--lo'], ['run', '--lo']]) {
    const { stdout } = await bench.devops(['complete', shell, '--', ...words]);
    expect(stdout, words.join(' ')).toMatch(/^--lock\b/m);
  }
  const { stdout } = await bench.devops(['complete', shell, '--', 'run', '--']);
  for (const option of ['--name', '--wait', '--timeout', '--splay', '--stream']) expect(stdout).toContain(option);
});

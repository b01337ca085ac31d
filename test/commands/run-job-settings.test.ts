import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobBench } from './job-bench.ts';

// What devops.yaml says of a job, and that it holds.

let bench: ReturnType<typeof jobBench>;
beforeEach(() => {
  bench = jobBench();
});
afterEach(() => bench.close());

const output = async () => (await bench.devops('jobs logs job')).stdout;

test('a clean environment has what every program needs, what is passed and what is set, and nothing else', async () => {
  bench.config('jobs: { job: { run: [env], env: { clean: true, pass: [KEPT], set: { SET: one two } } } }');
  expect((await bench.devops('run job', { env: { KEPT: 'yes', LOST: 'no' } })).code).toBe(0);
  const names = (await output())
    .trimEnd()
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(new Set(names)).toEqual(new Set(['DEVOPS_RUN_ID', 'HOME', 'KEPT', 'PATH', 'SET']));
});

test('secrets reach the job, and no report', async () => {
  writeFileSync(join(bench.folder, 'password'), 'correct horse\n', { mode: 0o600 });
  bench.config(`jobs: { job: { run: 'echo "in: $A, $B"; exit 3', env: { secrets: {
    A: { file: HERE/password }, B: { env: TOKEN } } } } }`);
  const { code, stderr } = await bench.devops('run job', { env: { TOKEN: 'hunter2hunter2' } });
  expect(code).toBe(3);
  expect(stderr).toContain('in: ');
  expect(stderr).not.toMatch(/correct horse|hunter2/);
  const { stdout } = await bench.devops('run job -o json', { env: { TOKEN: 'hunter2hunter2' } });
  expect(stdout).not.toMatch(/correct horse|hunter2/);
  expect(await output()).toBe('in: correct horse, hunter2hunter2\n');
});

test.each([
  ['{ ok: [0, 3] }', 3, 0, 'ok'],
  ['{ ok: [3] }', 0, 1, 'failed'],
  ['{ warn: [1] }', 1, 1, 'warning'],
  ['{ warn: [1] }', 2, 2, 'failed'],
  ['{ skip: [75] }', 75, 75, 'skipped'],
  ['{}', 75, 75, 'failed'],
])('with exit: %s the code %i becomes %i and %s', async (exit, code, answer, state) => {
  bench.config(`jobs: { job: { run: 'exit ${code}', exit: ${exit} } }`);
  expect((await bench.devops('run job')).code).toBe(answer);
  expect(bench.history('job')).toMatchObject([{ state, exitCode: answer }]);
});

test.each([
  ['min_time: 1h', 'true', /^exit code 0, but took .*, expected were at least 1h$/],
  ['max_time: 10ms', 'sleep 0.05', /^exit code 0, but took .*, expected were at most /],
  ['output_matches: done', 'echo nearly', /^exit code 0, but no line of the output has 'done'$/],
])('a good code with expect: { %s } broken is a failure', async (expected, script, words) => {
  bench.config(`jobs: { job: { run: '${script}', expect: { ${expected} } } }`);
  const { code, stderr } = await bench.devops('run job');
  expect(code).toBe(1);
  expect(stderr).toContain('but ');
  expect(bench.history('job')).toMatchObject([
    { state: 'failed', ended: expect.stringMatching(words), complete: false },
  ]);
});

test('what is expected and comes is fine', async () => {
  bench.config("jobs: { job: { run: 'echo all done', expect: { output_matches: 'done$', max_time: 1m } } }");
  expect(await bench.devops('run job')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('retry.on replaces the rule', async () => {
  bench.config("jobs: { job: { run: 'exit 1', retry: { attempts: 3, backoff: 1ms..2ms, on: [7] } } }");
  expect((await bench.devops('run job')).code).toBe(1);
  bench.config("jobs: { job: { run: 'exit 127', retry: { attempts: 3, backoff: 1ms..2ms, on: [127] } } }");
  expect((await bench.devops('run job')).code).toBe(127);
  expect(bench.history('job').map(({ attempts }) => attempts)).toEqual([1, 3]);
});

test('--splay waits below the splay of the job, the same at every run; without it nobody waits', async () => {
  bench.config("jobs: { job: { run: 'true', splay: 10m } }");
  const waits: number[] = [];
  const runtime = {
    pause: (seconds: number) => {
      waits.push(seconds);
      return Promise.resolve();
    },
  };
  for (const line of ['run job', 'run --splay job', 'run --splay job']) await bench.devops(line, { runtime });
  expect(waits).toEqual([waits[0], waits[0]]);
  expect(waits[0]).toBeLessThan(600);
});

test('an option takes the place of what devops.yaml says', async () => {
  bench.config("jobs: { job: { run: 'sleep 5', timeout: 1h, retry: { attempts: 5, backoff: 1m..2m } } }");
  const { code, stderr } = await bench.devops('run job --timeout 50ms --retry 2 --backoff 1ms..2ms');
  expect(code).toBe(124);
  expect(stderr).toContain('after 2 attempts');
});

test.each([
  ['junit', /<testcase .*name="job: failed"[^]*<failure type="critical" message="exit code 3"/],
  ['nagios', /^RUN CRITICAL - job: exit code 3/],
  ['yaml', /^state: failed$/m],
  ['jsonl', /^\{.*"exitCode":3.*\}\n$/],
  ['text', /^$/],
])('-o %s on standard output, the report on standard error', async (format, stdout) => {
  bench.config("jobs: { job: { run: 'echo why; exit 3' } }");
  const result = await bench.devops(`run -o ${format} job`);
  expect(result.code).toBe(format === 'nagios' ? 2 : 3);
  expect(result.stdout).toMatch(stdout);
  expect(result.stderr).toMatch(/exit code 3\n[^]*\n\nwhy\n/);
  expect((await bench.devops('run -q job')).stdout).toBe('');
});

test.each([
  ['a good end', 'run --name job -- true', /failures="0" errors="0"/],
  ['a failure', 'run --name job -- false', /failures="1" errors="0"/],
  ['a program that is not there', 'run --name job -- not-there', /failures="1"[^]*no such program/],
  ['a timeout', 'run --name job --timeout 20ms -- sleep 5', /failures="1"[^]*timed out after/],
  ['an unknown job', 'run nothing', /errors="1"[^]*there is no job/],
])('--report junit is written at %s', async (_, line, report) => {
  const result = await bench.shell(
    `$DEVOPS ${line.replace('run', 'run --report junit=report.xml')} 2>/dev/null; cat report.xml`,
  );
  expect(result.stdout).toMatch(report);
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobBench, shellJob } from './job-bench.ts';

let bench: ReturnType<typeof jobBench>;
beforeEach(() => {
  bench = jobBench();
});
afterEach(() => bench.close());

/** Whoever has this bench's state folder in its environment and is no zombie, beside the one that asks. */
function survivors(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`STATE_DIRECTORY=${bench.state}`);
      } catch {
        return false;
      }
    });
}

const stubbornTrap = 'trap "" TERM INT HUP';
const stubborn = `${stubbornTrap}; while :; do sleep 0.05; done`;
const endless = `sh -c '${stubborn}'`;

test.each([
  ['ends at TERM', 'sleep 60', 124],
  ['ignores TERM', stubborn, 137],
  ['has children in the background', `${endless} & ${endless} & wait`, 137],
  ['calls setsid', `setsid ${endless} & setsid -f ${endless}; sleep 60`, 137],
  [
    'forks twice and goes',
    `(setsid ${endless} >/dev/null 2>&1 < /dev/null &) ; (setsid sh -c "${endless} &" &); sleep 60`,
    137,
  ],
  ['closes its descriptors', `exec <&- >&- 2>&-; for n in 3 4 5 6 7 8 9; do eval "exec $n<&-"; done; ${stubborn}`, 137],
])('a job that %s is ended with all that it started', async (_, script, code) => {
  const result = await bench.start(shellJob(script, '--timeout', '300ms', '--kill-after', '200ms'));
  expect(survivors()).toEqual([]);
  // Who needed KILL may be a child only: timeout(1) says 137 for the job itself.
  expect([124, code]).toContain(result.exitCode);
  expect(result.stderr).toContain('timed out after 0.3s');
  expect(bench.history('job')).toMatchObject([{ state: 'timed-out', complete: false }]);
});

test('a job that ends well keeps what it leaves in the background', async () => {
  const result = await bench.start(shellJob('(setsid sleep 1 >/dev/null 2>&1 &)', '--timeout', '5s'));
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(survivors()).toHaveLength(1);
});

test('each attempt has the time, and all are told of', async () => {
  const flags = ['--timeout', '100ms', '--retry', '2', '--backoff', '1ms..2ms'];
  const { code, stderr } = await bench.devops(shellJob('sleep 60', ...flags));
  expect(code).toBe(124);
  expect(stderr).toContain('timed out after 0.1s, after 2 attempts');
});

/** Starts a job that says in a file when it has begun: not as a promise, which would wait for its end. */
async function begin(script: string, ...flags: string[]) {
  const begun = join(bench.folder, 'begun');
  const child = bench.start(shellJob(`${script}; touch ${begun}; while :; do sleep 0.05; done`, ...flags));
  while (!existsSync(begun)) await sleep(10);
  return { child };
}

const tells = (signal: string) => `trap 'echo got ${signal}; exit 9' ${signal}`;

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s is handed on to the job, and the answer is %i', async (signal, code) => {
  const { child } = await begin(['INT', 'TERM', 'HUP'].map(tells).join('; '));
  child.kill(signal);
  const { exitCode, stderr } = await child;
  expect(exitCode).toBe(code);
  expect(stderr).toContain(`interrupted by ${signal}`);
  expect((await bench.devops('jobs logs job')).stdout).toContain(`got ${signal.slice(3)}\n`);
  expect(bench.history('job')).toMatchObject([{ state: 'interrupted', exitCode: code }]);
});

test('a second Ctrl-C kills at once what does not want to end', async () => {
  const { child } = await begin(stubbornTrap, '--kill-after', '30s');
  child.kill('SIGINT');
  await sleep(300);
  expect(survivors()).not.toEqual([]);
  const started = performance.now();
  child.kill('SIGINT');
  expect((await child).exitCode).toBe(130);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(survivors()).toEqual([]);
});

test('an interruption is no reason to try again', async () => {
  const { child } = await begin(tells('TERM'), '--retry', '5', '--backoff', '1ms..2ms');
  child.kill('SIGTERM');
  expect((await child).exitCode).toBe(143);
  expect(bench.history('job')).toMatchObject([{ attempts: 1 }]);
});

test('while it waits for the next attempt an interruption ends it', async () => {
  const child = bench.start(shellJob(`touch ${bench.folder}/begun; exit 4`, '--retry', '2', '--backoff', '30s..60s'));
  while (!existsSync(join(bench.folder, 'begun'))) await sleep(10);
  await sleep(200);
  child.kill('SIGTERM');
  const { exitCode, stderr } = await child;
  expect(exitCode).toBe(4);
  expect(stderr).toContain('exit code 4');
});

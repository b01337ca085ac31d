import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capturedText } from '../../../src/lib/shell/head-and-tail.ts';
import { runProgram } from '../../../src/lib/shell/run-program.ts';
import type { ProgramOptions } from '../../../src/lib/shell/run-program.ts';
import type { ProgramResult } from '../../../src/lib/shell/program-result.ts';

const env = { PATH: '/usr/bin:/bin' };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-program-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(argv: ProgramOptions['argv'], options: Partial<ProgramOptions> = {}): Promise<ProgramResult> {
  return runProgram({ argv, env, timeoutSeconds: 20, graceSeconds: 0.2, ...options });
}

function shell(script: string, options: Partial<ProgramOptions> = {}): Promise<ProgramResult> {
  return run(['sh', '-c', script], options);
}

function textOf(result: ProgramResult): string {
  return capturedText(result.stdout);
}

/** Zombies are dead: whether somebody reaps them is up to process 1. */
function isAlive(pid: string | number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

function pidsIn(result: ProgramResult): string[] {
  const pids = textOf(result).trim().split('\n');
  for (const pid of pids) expect(pid).toMatch(/^\d+$/);
  return pids;
}

test('stdout, stderr, the exit code and the duration of a program are told', async () => {
  const result = await shell('echo out; echo err >&2; exit 3');
  expect(result.end).toEqual({ kind: 'exited', code: 3 });
  expect(textOf(result)).toBe('out\n');
  expect(capturedText(result.stderr)).toBe('err\n');
  expect(result.stdout.complete && result.stderr.complete).toBe(true);
  expect(result.durationSeconds).toBeGreaterThan(0);
  expect(result.durationSeconds).toBeLessThan(10);
});

test('a signal that ends the program is told', async () => {
  expect((await shell('kill -SEGV $$')).end).toEqual({ kind: 'signalled', signal: 'SIGSEGV' });
});

test('arguments reach the program as they are', async () => {
  const args = ['$HOME', '; exit 9', '*', '', 'a\nb', 'größe'];
  expect(textOf(await run(['printf', '%s|', ...args]))).toBe(`${args.join('|')}|`);
  expect(textOf(await shell('echo $0'))).toBe('sh\n');
});

test('the environment is the one given, without names that have no value', async () => {
  const result = await run(['env'], { env: { ...env, ONE: '1', NONE: undefined } });
  expect(textOf(result).trim().split('\n').toSorted()).toEqual(['ONE=1', 'PATH=/usr/bin:/bin']);
});

test('it runs in the folder that was given, and a relative path belongs to that folder', async () => {
  const cwd = join(folder, 'cwd');
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'here'), '#!/bin/sh\npwd -P\n', { mode: 0o755 });
  expect(textOf(await run(['./here'], { cwd }))).toMatch(/\/cwd\n$/);
});

test('without input it reads nothing; with input it reads all of it', async () => {
  expect(textOf(await run(['cat']))).toBe('');
  expect(textOf(await run(['cat'], { input: 'text äöü' }))).toBe('text äöü');
  const bytes = new Uint8Array(3_000_000).fill(7);
  expect(textOf(await run(['wc', '-c'], { input: bytes })).trim()).toBe('3000000');
});

test('a program that does not read its input is no failure', async () => {
  const result = await run(['true'], { input: new Uint8Array(3_000_000) });
  expect(result.end).toEqual({ kind: 'exited', code: 0 });
});

test.each(['no-such-program', '/no/such/program', './no-such-program', ''])('%j is not found', async (name) => {
  expect((await run([name])).end).toEqual({
    kind: 'not-started',
    code: 'not-found',
    message: `cannot start '${name}': no such program`,
  });
});

test('a file that may not be run is told apart from one that is not there', async () => {
  const path = join(folder, 'data');
  writeFileSync(path, '#!/bin/sh\n', { mode: 0o644 });
  const expected = { kind: 'not-started', code: 'not-executable' };
  expect((await run([path])).end).toMatchObject({ ...expected, message: `cannot start '${path}': permission denied` });
  expect((await run(['data'], { env: { PATH: folder } })).end).toMatchObject(expected);
  expect((await run([folder])).end).toMatchObject(expected);
});

test('a script whose interpreter is missing says so', async () => {
  const path = join(folder, 'script');
  writeFileSync(path, '#!/no/such/interpreter\n');
  chmodSync(path, 0o755);
  expect((await run([path])).end).toMatchObject({ code: 'not-executable', message: /interpreter/ });
});

test('a folder that is not there is not mistaken for a missing program', async () => {
  const cwd = join(folder, 'missing');
  expect((await run(['true'], { cwd })).end).toEqual({
    kind: 'not-started',
    code: 'failed',
    message: `cannot start 'true': cannot enter the folder '${cwd}'`,
  });
});

test('a NUL byte and too many arguments are answers, and the message keeps the secret', async () => {
  const secret = await run(['true'], { env: { ...env, TOKEN: 'geheim\0' } });
  expect(secret.end).toMatchObject({ kind: 'not-started', code: 'failed', message: /NUL byte/ });
  expect(JSON.stringify(secret.end)).not.toContain('geheim');
  const long = await run(['true', ...Array.from({ length: 50 }, () => 'x'.repeat(130_000))]);
  expect(long.end).toMatchObject({ kind: 'not-started', code: 'failed', message: /E2BIG/ });
});

test('300 MB of output keep the first and the last bytes in little memory', { timeout: 60_000 }, async () => {
  // In a process of its own, whose peak is not that of the test runner.
  const source = join(import.meta.dirname, '../../../src/lib/shell/run-program.ts');
  const program = `
    import { runProgram } from ${JSON.stringify(source)};
    const run = (script) => runProgram({ argv: ['sh', '-c', script], env: { PATH: '/usr/bin:/bin' }, timeoutSeconds: 50 });
    await run('echo small');
    const before = process.resourceUsage().maxRSS;
    const { stdout } = await run('printf START; head -c 300000000 /dev/zero; printf END');
    console.log(JSON.stringify({
      grownKib: process.resourceUsage().maxRSS - before,
      start: stdout.head.subarray(0, 6).toString(),
      end: stdout.tail.subarray(-4).toString(),
      kept: [stdout.head.length, stdout.tail.length],
      total: stdout.totalBytes,
      omitted: stdout.omittedBytes,
    }));`;
  const result = await run([process.execPath, '--input-type=module', '-e', program], { timeoutSeconds: 55 });
  const { grownKib, ...seen } = JSON.parse(textOf(result));
  expect(seen).toEqual({
    start: 'START\0',
    end: '\0END',
    kept: [65_536, 65_536],
    total: 300_000_008,
    omitted: 300_000_008 - 2 * 65_536,
  });
  // What is read and dropped waits for the garbage collector: 60 to 75 MiB, for 3 GB of output too.
  expect(grownKib).toBeLessThan(128 * 1024);
});

test('at the deadline a program that ignores TERM is killed, and what it left in the background too', async () => {
  const result = await shell(
    `trap '' TERM; sh -c 'while :; do sleep 0.1; done' & echo $!; sleep 300 & echo $!; echo $$; wait`,
    { timeoutSeconds: 0.5 },
  );
  expect(result.end).toEqual({ kind: 'timed-out' });
  const pids = pidsIn(result);
  expect(pids).toHaveLength(3);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(result.durationSeconds).toBeGreaterThan(0.65);
  expect(result.durationSeconds).toBeLessThan(5);
});

test('a program that heeds TERM may clean up and does not wait for the end of the grace', async () => {
  const result = await shell(`trap 'echo cleaned; exit 0' TERM; while :; do sleep 0.05; done`, {
    timeoutSeconds: 0.3,
    graceSeconds: 15,
  });
  expect(result.end).toEqual({ kind: 'timed-out' });
  expect(textOf(result)).toBe('cleaned\n');
  expect(result.durationSeconds).toBeLessThan(10);
});

test('members of the group that outlive their leader at the deadline are ended', async () => {
  const result = await shell(`(trap '' TERM; while :; do sleep 0.1; done) & echo $!; wait`, { timeoutSeconds: 0.3 });
  expect(result.end).toEqual({ kind: 'timed-out' });
  expect(pidsIn(result).filter(isAlive)).toEqual([]);
});

test('a program that is stopped is killed all the same', async () => {
  const result = await shell('echo $$; kill -STOP $$', { timeoutSeconds: 0.3 });
  expect(result.end).toEqual({ kind: 'timed-out' });
  expect(pidsIn(result).filter(isAlive)).toEqual([]);
});

test('a process of another session that holds stdout does not keep us, and the output counts as incomplete', async () => {
  const result = await shell('setsid sleep 30 & echo $!; exit 0');
  const [pid] = pidsIn(result);
  try {
    expect(result.end).toEqual({ kind: 'exited', code: 0 });
    expect(result.stdout.complete).toBe(false);
    expect(result.durationSeconds).toBeLessThan(5);
    expect(isAlive(pid!)).toBe(true);
  } finally {
    process.kill(Number(pid), 'SIGKILL');
  }
});

test('the same at the deadline', async () => {
  const result = await shell('setsid sleep 30 & echo $!; sleep 300', { timeoutSeconds: 0.3 });
  process.kill(Number(pidsIn(result)[0]), 'SIGKILL');
  expect(result.end).toEqual({ kind: 'timed-out' });
  expect(result.durationSeconds).toBeLessThan(5);
});

test('output that was written before the end is there although the loop was busy', async () => {
  const running = shell('head -c 150000 /dev/zero; setsid sleep 2 & exit 0');
  // Let it start, then block for longer than the pipes are waited for.
  await new Promise((resolve) => setTimeout(resolve, 30));
  const until = performance.now() + 1500;
  while (performance.now() < until);
  expect((await running).stdout.totalBytes).toBe(150_000);
});

test('an abort ends the group at once and is told apart from the deadline', async () => {
  const abort = new AbortController();
  const running = shell('sleep 300 & echo $!; wait', { signal: abort.signal });
  setTimeout(() => abort.abort(), 300);
  const result = await running;
  expect(result.end).toEqual({ kind: 'aborted' });
  expect(pidsIn(result).filter(isAlive)).toEqual([]);
  expect(result.durationSeconds).toBeLessThan(5);
});

test('after an abort, or with no time left, nothing is started', async () => {
  const trace = join(folder, 'started');
  const argv: ProgramOptions['argv'] = ['touch', trace];
  expect((await run(argv, { signal: AbortSignal.abort() })).end).toEqual({ kind: 'aborted' });
  for (const timeoutSeconds of [0, -1, Number.NaN]) {
    expect((await run(argv, { timeoutSeconds })).end).toEqual({ kind: 'timed-out' });
  }
  expect(existsSync(trace)).toBe(false);
});

test('a deadline beyond the longest timer is not a deadline of now', async () => {
  expect((await shell('sleep 0.1; exit 4', { timeoutSeconds: 1e9 })).end).toEqual({ kind: 'exited', code: 4 });
});

test('a failed start leaves an abort afterwards without effect', async () => {
  const abort = new AbortController();
  const result = await run(['no-such-program'], { signal: abort.signal });
  abort.abort();
  expect(result.end.kind).toBe('not-started');
});

test('many programs at once each get their own answer', async () => {
  const codes = Array.from({ length: 20 }, (_, index) => index);
  const results = await Promise.all(codes.map((code) => shell(`echo ${code}; exit ${code}`)));
  expect(results.map((result) => result.end)).toEqual(codes.map((code) => ({ kind: 'exited', code })));
  expect(results.map(textOf)).toEqual(codes.map((code) => `${code}\n`));
});

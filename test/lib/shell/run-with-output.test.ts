import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runWithOutput } from '../../../src/lib/shell/run-with-output.ts';
import type { RunWithOutputOptions } from '../../../src/lib/shell/run-with-output.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-with-output-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script of sh, or another program, with a file as its output. */
async function run(script: string, options: Partial<RunWithOutputOptions> = {}) {
  const path = join(folder, 'output');
  const stdout = openSync(path, 'w');
  try {
    const signal = AbortSignal.timeout(20_000);
    const env = { PATH: '/usr/bin:/bin' };
    const result = await runWithOutput({ argv: ['sh', '-c', script], env, stdout, signal, ...options });
    return { ...result, stdout: readFileSync(path, 'utf8') };
  } finally {
    closeSync(stdout);
  }
}

/** Zombies are dead: whether somebody reaps those of a dead parent is up to process 1. */
function isAlive(pid: string): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

async function pidsIn(path: string): Promise<string[]> {
  for (;;) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (text.endsWith('\n')) return text.trim().split(' ');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a program writes to our descriptor, where it stands, and the descriptor stays open', async () => {
  const path = join(folder, 'shared');
  const stdout = openSync(path, 'w');
  writeSync(stdout, 'before\n');
  const { end, stderr } = await run('echo out; echo err >&2; exit 3', { stdout });
  writeSync(stdout, 'after\n');
  closeSync(stdout);
  expect({ end, stderr }).toEqual({ end: { kind: 'exited', code: 3 }, stderr: 'err\n' });
  expect(readFileSync(path, 'utf8')).toBe('before\nout\nafter\n');
});

test('it reads a descriptor, or bytes, or nothing', async () => {
  writeFileSync(join(folder, 'input'), 'from a file\n');
  const stdin = openSync(join(folder, 'input'), 'r');
  expect((await run('cat', { stdin })).stdout).toBe('from a file\n');
  closeSync(stdin);
  expect((await run('cat', { input: 'bytes' })).stdout).toBe('bytes');
  expect((await run('wc -c', { input: Buffer.alloc(1_000_000) })).stdout.trim()).toBe('1000000');
  expect((await run('cat')).stdout).toBe('');
});

test('a program that does not read its input tells by its exit code whether it had enough', async () => {
  const { end } = await run('exec <&-; sleep 0.1; exit 4', { input: Buffer.alloc(1_000_000) });
  expect(end).toEqual({ kind: 'exited', code: 4 });
});

test('a program that is missing, or may not be run, is an answer', async () => {
  writeFileSync(join(folder, 'script'), 'no program');
  const argv = (name: string): RunWithOutputOptions['argv'] => [name];
  const missing = await run('', { argv: argv('no-such-program') });
  expect(missing.end).toMatchObject({ kind: 'not-started', code: 'not-found' });
  const refused = await run('', { argv: argv('script'), env: { PATH: folder } });
  expect(refused.end).toMatchObject({ kind: 'not-started', code: 'not-executable' });
  const noPath = await run('', { argv: argv(join(folder, 'none')) });
  expect(noPath.end).toMatchObject({ kind: 'not-started', code: 'not-found' });
  expect((await run('', { argv: ['sh', '-c', 'echo \0'] })).end).toMatchObject({ kind: 'not-started', code: 'failed' });
});

test('a signal that is not ours is told', async () => {
  expect((await run('kill -SEGV $$')).end).toEqual({ kind: 'signalled', signal: 'SIGSEGV' });
});

test('an abort ends the whole group, also a stubborn one', async () => {
  const controller = new AbortController();
  const path = join(folder, 'pids');
  const running = run(`trap "" TERM; sleep 60 & echo $$ $! > ${path}; wait; sleep 60`, {
    signal: controller.signal,
    graceSeconds: 0.1,
  });
  const pids = await pidsIn(path);
  expect(pids.every(isAlive)).toBe(true);
  controller.abort();
  expect((await running).end).toEqual({ kind: 'aborted' });
  expect(pids.some(isAlive)).toBe(false);
});

test('nothing is started for a signal that was aborted before', async () => {
  const result = await run('echo out', { signal: AbortSignal.abort() });
  expect(result).toEqual({ end: { kind: 'aborted' }, stderr: '', stdout: '' });
});

test('a process that outlives the program and keeps its stderr is not waited for', async () => {
  const started = performance.now();
  const { stdout, end } = await run('sleep 60 & echo $!');
  expect(end).toEqual({ kind: 'exited', code: 0 });
  expect(performance.now() - started).toBeLessThan(5000);
  process.kill(Number(stdout));
});

test('what it says on stderr is bounded, and no descriptor or listener is left behind', async () => {
  const { stderr } = await run('yes words | head -c 1000000 >&2; echo last >&2');
  expect(stderr.length).toBeLessThan(9000);
  expect(stderr.endsWith('last\n')).toBe(true);
  const count = () => readdirSync('/proc/self/fd').length;
  const before = count();
  for (let turn = 0; turn < 10; turn++) await run('cat', { input: 'bytes' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(count()).toBeLessThanOrEqual(before + 2);
});

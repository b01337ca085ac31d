import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitStatusOf } from '../../../src/lib/shell/exit-status.ts';
import { supervise } from '../../../src/lib/shell/supervise.ts';
import type { OutputTarget, SuperviseOptions } from '../../../src/lib/shell/supervise.ts';

const env = { PATH: '/usr/bin:/bin' };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'supervise-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function run(argv: SuperviseOptions['argv'], options: Partial<SuperviseOptions> = {}) {
  const path = join(folder, randomUUID());
  const descriptor = openSync(path, 'ax+');
  try {
    const told = await supervise({
      argv,
      env,
      stdin: 'ignore',
      output: { kind: 'file', descriptor },
      runId: randomUUID(),
      killAfterSeconds: 0.3,
      signal: new AbortController().signal,
      sweep: 'on-cut-off',
      timeoutSeconds: 20,
      ...options,
    });
    return { ...told, status: exitStatusOf(told), path, text: () => readFileSync(path, 'utf8') };
  } finally {
    closeSync(descriptor);
  }
}

const shell = (script: string, options: Partial<SuperviseOptions> = {}) => run(['sh', '-c', script], options);

/** A `tee` that keeps what it is given. */
function tee(pause?: (chunk: Buffer) => Promise<void>) {
  const taken = { stdout: '', stderr: '' };
  const output: OutputTarget = {
    kind: 'tee',
    take(chunk, stream) {
      taken[stream] += chunk.toString('latin1');
      return pause?.(chunk);
    },
  };
  return { taken, output };
}

test('its own exit code, signal and duration are told', async () => {
  const told = await shell('sleep 0.1; exit 3');
  expect(told).toMatchObject({ end: { kind: 'exited', code: 3 }, status: 3, survivors: [] });
  expect(told.durationSeconds).toBeGreaterThan(0.1);
  expect(await shell('kill -SEGV $$')).toMatchObject({ end: { kind: 'signalled', signal: 'SIGSEGV' }, status: 139 });
});

describe('what cannot be started has the status of the shell', () => {
  test.each<[string, string, number, string]>([
    ['a program that is not in PATH', 'no-such-program', 127, 'no such program'],
    ['a path that is not there', './no-such-program', 127, 'no such program'],
    ['a file that is no program', './plain', 126, 'permission denied'],
    ['a folder', '/tmp', 126, 'permission denied'],
    ['a script without its interpreter', './orphan', 126, 'interpreter'],
  ])('%s', async (_, name, status, message) => {
    writeFileSync(join(folder, 'plain'), 'text', { mode: 0o644 });
    writeFileSync(join(folder, 'orphan'), '#!/no/such/interpreter\n', { mode: 0o755 });
    const told = await run([name], { cwd: folder });
    expect(told.status).toBe(status);
    expect(told.end).toMatchObject({ kind: 'not-started' });
    expect((told.end as { message: string }).message).toContain(message);
  });

  test('a file of that name in PATH that may not be run', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'locked'), '#!/bin/sh\n', { mode: 0o644 });
    expect((await run(['locked'], { env: { PATH: `relative::${bin}` } })).status).toBe(126);
  });

  test('a folder to run in that is not there, and a NUL in an argument', async () => {
    expect((await run(['true'], { cwd: join(folder, 'gone') })).status).toBe(125);
    expect(await run(['echo', 'se\0cret'])).toMatchObject({ status: 125 });
    expect(JSON.stringify(await run(['echo', 'se\0cret']))).not.toContain('cret');
  });
});

test('a relative path with a slash belongs to the folder it runs in, and it keeps its name', async () => {
  writeFileSync(join(folder, 'here'), '#!/bin/sh\npwd -P; echo "$0"\n', { mode: 0o755 });
  expect((await run(['./here'], { cwd: folder })).text()).toMatch(/\/supervise-\w+\n\.\/here\n$/);
});

test('stdout and stderr go to the file in the order in which they were written', async () => {
  expect((await shell('echo 1; echo 2 >&2; echo 3')).text()).toBe('1\n2\n3\n');
});

test('stdout goes to a descriptor of its own where one is given', async () => {
  const path = join(folder, 'own');
  const stdout = openSync(path, 'ax');
  expect((await shell('echo out; echo err >&2', { stdout })).text()).toBe('err\n');
  const { taken, output } = tee();
  await shell('echo out; echo err >&2', { stdout, output });
  closeSync(stdout);
  expect(readFileSync(path, 'utf8')).toBe('out\nout\n');
  expect(taken).toEqual({ stdout: '', stderr: 'err\n' });
});

test('it reads the descriptor that was given, else nothing', async () => {
  const path = join(folder, 'input');
  writeFileSync(path, 'text');
  const stdin = openSync(path, 'r');
  expect((await run(['cat'], { stdin })).text()).toBe('text');
  closeSync(stdin);
  expect((await run(['cat'])).text()).toBe('');
});

test('its environment is the one given and the run ids', async () => {
  const runId = randomUUID();
  const inside = await run(['env'], { runId, env: { ...env, DEVOPS_RUN_ID: 'outer', DEVOPS_OUTER_RUN_IDS: 'a b' } });
  const lines = ['DEVOPS_OUTER_RUN_IDS=a b outer', `DEVOPS_RUN_ID=${runId}`, 'PATH=/usr/bin:/bin'];
  expect(inside.text().trim().split('\n').toSorted()).toEqual(lines);
  expect((await run(['env'], { runId })).text()).not.toContain('OUTER');
});

test('it runs in a session and group of its own, and its pid is told when it starts', async () => {
  const started: number[] = [];
  const told = await shell('cut -d" " -f1,5,6 /proc/$$/stat', { onStart: (pid) => started.push(pid) });
  expect(told.text()).toBe(`${started[0]} ${started[0]} ${started[0]}\n`);
});

test('it inherits the descriptors that were given, so that a lock lasts as long as the job', async () => {
  const path = join(folder, 'lock');
  const lock = openSync(path, 'ax');
  execFileSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', lock] });
  const busy = (): number => {
    try {
      execFileSync('flock', ['-n', path, 'true']);
      return 0;
    } catch {
      return 1;
    }
  };
  const seen: number[] = [];
  const running = shell('sleep 0.3; echo >&3; echo >&4', {
    descriptors: [lock, lock],
    onStart: () => closeSync(lock),
  });
  seen.push(busy());
  await running;
  seen.push(busy());
  expect(seen).toEqual([1, 0]);
  expect(readFileSync(path, 'utf8')).toBe('\n\n');
});

describe.concurrent('tee', () => {
  test('hands over both streams, whole', async () => {
    const { taken, output } = tee();
    const told = await shell('seq 100000; seq 1000 >&2; exit 4', { output });
    expect(told.status).toBe(4);
    expect(taken.stdout).toBe(execFileSync('seq', ['100000']).toString());
    expect(taken.stderr).toBe(execFileSync('seq', ['1000']).toString());
  });

  test('reads no further while its reader is busy, so that the program waits', async () => {
    const mark = join(folder, 'written');
    const { promise, resolve } = Promise.withResolvers<void>();
    const { taken, output } = tee(() => promise);
    const running = shell(`head -c 2000000 /dev/zero; echo > ${mark}`, { output });
    await new Promise((wait) => setTimeout(wait, 400));
    expect(() => statSync(mark)).toThrow('ENOENT');
    expect(taken.stdout.length).toBeLessThan(300_000);
    resolve();
    await running;
    expect(taken.stdout.length).toBe(2_000_000);
  });

  test('takes what a slow reader has not yet taken when the program is gone', async () => {
    const { taken, output } = tee(() => new Promise((resolve) => setTimeout(resolve, 700)));
    await shell('head -c 150000 /dev/zero', { output });
    expect(taken.stdout.length).toBe(150_000);
  });

  test('a reader that takes nothing does not keep it from its deadline', async () => {
    const { output } = tee(() => new Promise(() => {}));
    const told = await run(['yes'], { output, timeoutSeconds: 0.3 });
    expect(told).toMatchObject({ status: 124, survivors: [] });
    expect(told.durationSeconds).toBeLessThan(3);
  });

  test('nor, once the program is gone, from an abort', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 800);
    const { output } = tee(() => new Promise(() => {}));
    const told = await run(['echo'], { output, signal: abort.signal });
    expect(told.status).toBe(0);
    expect(told.durationSeconds).toBeLessThan(3);
  });

  test.each<[string, () => Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('full'))],
  ])('a reader that %s is told, and the program runs on', async (_, pause) => {
    const { taken, output } = tee(pause);
    const told = await shell('seq 100000; exit 5', { output });
    expect(told.status).toBe(5);
    expect(told.takeFailure).toEqual(new Error('full'));
    expect(taken.stdout.length).toBeLessThan(100_000);
  });
});

describe.concurrent('who holds stdout open after the end does not hold us up', () => {
  test.each<[string, string, number]>([
    ['in silence', 'nohup sleep 2 & echo last', 1.8],
    ['with words', '(while :; do echo x; sleep 0.1; done) & echo $! >&2; echo last', 4],
  ])('%s', async (_, script, seconds) => {
    const { taken, output } = tee();
    const told = await shell(script, { output });
    const pid = Number(taken.stderr.trim());
    if (pid > 1) process.kill(pid);
    expect(told.status).toBe(0);
    expect(taken.stdout).toContain('last\n');
    expect(told.durationSeconds).toBeLessThan(seconds);
  });

  test('and with a file there is nothing to wait for', async () => {
    const told = await shell('sleep 2 & echo last');
    expect(told.text()).toBe('last\n');
    expect(told.durationSeconds).toBeLessThan(0.5);
  });
});

test('output does not pass through us: 64 MB of it cost no memory', async () => {
  const before = process.memoryUsage.rss();
  const told = await run(['head', '-c', '64000000', '/dev/zero']);
  expect(statSync(told.path).size).toBe(64_000_000);
  expect(process.memoryUsage.rss() - before).toBeLessThan(30_000_000);
});

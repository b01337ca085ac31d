import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../lib/logs/query/run-logs-grep.ts';
import { bareEnvironment, bin, node, start, startShell } from '../support/start-devops.ts';

/** Runs `devops logs-grep --follow` in a folder of its own until it is ended. */
function follow(folder: string, words: readonly string[]) {
  const env = { ...bareEnvironment, STATE_DIRECTORY: folder, CACHE_DIRECTORY: folder, TZ: 'UTC', LANG: 'C.UTF-8' };
  const child = start(node, [bin, 'logs-grep', '--follow', ...words], { cwd: folder, env });
  const seen = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (seen.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (seen.stderr += chunk.toString()));
  const until = async (what: 'stdout' | 'stderr', isThere: (text: string) => boolean) => {
    for (const started = performance.now(); !isThere(seen[what]); await sleep(10)) {
      if (performance.now() - started > 8000) throw new Error(`waited in vain: ${JSON.stringify(seen)}`);
    }
  };
  return {
    child,
    /** Waits until that is all there is on standard output. */
    shows: async (expected: string) => {
      await until('stdout', (text) => text.length >= expected.length).catch(() => undefined);
      expect(seen.stdout).toBe(expected);
    },
    says: (part: string) => until('stderr', (text) => text.includes(part)),
    stderr: () => seen.stderr,
    end: async (signal: NodeJS.Signals = 'SIGINT') => {
      child.kill(signal);
      return child;
    },
  };
}

function scene(text = '') {
  const folder = temporaryFolder();
  const path = join(folder, 'app.log');
  writeFileSync(path, text);
  return { folder, path, append: (more: string) => appendFileSync(path, more) };
}

test('prints what is written from now on, at once; Ctrl-C ends it with 130', async () => {
  const { folder, append } = scene('old ERROR\n');
  const run = follow(folder, ['ERROR', 'app.log', 'missing.log']);
  await run.says('missing.log: does not exist yet, waits for it');
  append('INFO a\nERROR b\nERROR c without its e');
  await run.shows('app.log:ERROR b\n');
  append('nd\n');
  await run.shows('app.log:ERROR b\napp.log:ERROR c without its end\n');
  writeFileSync(join(folder, 'missing.log'), 'ERROR from its start\n');
  await run.shows('app.log:ERROR b\napp.log:ERROR c without its end\nmissing.log:ERROR from its start\n');
  const { exitCode, stderr } = await run.end();
  expect(exitCode).toBe(130);
  expect(stderr).not.toContain('error');
});

test('goes on across a rename, a copy and truncation, and says so', async () => {
  const { folder, path, append } = scene('old\n');
  const run = follow(folder, ['-n', 'x', 'app.log', 'other.log']);
  await run.says('other.log: does not exist yet');
  append('x 1\n');
  await run.shows('app.log:2:x 1\n');
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, 'x 2\n');
  writeFileSync(path, 'x 3\n');
  await run.shows('app.log:2:x 1\napp.log:3:x 2\napp.log:1:x 3\n');
  await run.says('app.log: was rotated');
  copyFileSync(path, `${path}.0`);
  truncateSync(path);
  await run.says('app.log: was truncated');
  append('x 4\n');
  await run.shows('app.log:2:x 1\napp.log:3:x 2\napp.log:1:x 3\napp.log:1:x 4\n');
  expect((await run.end('SIGTERM')).exitCode).toBe(143);
});

test('with --since prints the past as well, and what comes then whatever its time', async () => {
  const { folder, append } = scene('2026-11-20T10:00:00Z a\n2026-11-20T11:00:00Z b\n  at b\n');
  const run = follow(folder, ['--since', '2026-11-20T10:30:00Z', 'app.log']);
  await run.shows('2026-11-20T11:00:00Z b\n  at b\n');
  append('  at b, too\n2026-11-20T12:00:00Z c\n');
  await run.shows('2026-11-20T11:00:00Z b\n  at b\n  at b, too\n2026-11-20T12:00:00Z c\n');
  expect((await run.end()).exitCode).toBe(130);
});

test('with --level and --where knows the event that goes on, also one of the past', async () => {
  const { folder, append } = scene('2026-11-20T10:00:00Z ERROR a\n');
  const run = follow(folder, ['--level', 'error', '-e', '', 'app.log', 'json.log']);
  await run.says('json.log: does not exist yet');
  append('  at a\n2026-11-20T10:00:01Z INFO b\n');
  await run.shows('app.log:  at a\n');
  append('  at b\n2026-11-20T10:00:01Z ERROR c\n');
  await run.shows('app.log:  at a\napp.log:2026-11-20T10:00:01Z ERROR c\n');
  append('  at c\n');
  writeFileSync(join(folder, 'json.log'), '{"level":"info"}\n{"level":"error"}\n');
  await run.shows('app.log:  at a\napp.log:2026-11-20T10:00:01Z ERROR c\napp.log:  at c\njson.log:{"level":"error"}\n');
  expect((await run.end()).exitCode).toBe(130);
});

test('with --where, and as jsonl', async () => {
  const { folder, append } = scene('{"status":200}\n');
  const run = follow(folder, ['--where', 'status>=500', '--output', 'jsonl', '-e', '', 'app.log', 'b.log']);
  await run.says('b.log: does not exist yet');
  append('{"status":200,"n":1}\n{"status":503,"n":2}\n');
  const expected = {
    schema: 'devops.logs-grep/1',
    kind: 'line',
    source: 'app.log',
    match: true,
    text: '{"status":503,"n":2}',
  };
  await run.shows(`${JSON.stringify(expected)}\n`);
  expect((await run.end()).exitCode).toBe(130);
});

describe('with --multiline', () => {
  test('an event is printed whole, though its lines come one by one', async () => {
    const { folder, append } = scene('');
    const run = follow(folder, ['--multiline', 'needle', 'app.log', 'b.log']);
    await run.says('b.log: does not exist yet');
    append('2026-11-20T10:00:00Z a needle\n');
    await run.shows('app.log:2026-11-20T10:00:00Z a needle\n');
    append('  at a\n');
    await run.shows('app.log:2026-11-20T10:00:00Z a needle\napp.log:  at a\n');
    const first = 'app.log:2026-11-20T10:00:00Z a needle\napp.log:  at a\n';
    append('2026-11-20T10:00:01Z b\n');
    await sleep(300);
    append('  at b\n');
    await sleep(300);
    append('  needle\n');
    const second = 'app.log:2026-11-20T10:00:01Z b\napp.log:  at b\napp.log:  needle\n';
    await run.shows(first + second);
    append('  behind b\n2026-11-20T10:00:02Z c\n');
    await run.shows(`${first}${second}app.log:  behind b\n`);
    expect((await run.end()).exitCode).toBe(130);
  });
});

test('of a file in UTF-16 the new lines are read as well', async () => {
  const { folder, path } = scene('');
  writeFileSync(path, Buffer.from('\ufeffan old line\n', 'utf16le'));
  const run = follow(folder, ['line', 'app.log', 'b.log']);
  await run.says('b.log: does not exist yet');
  appendFileSync(path, Buffer.from('a new line\n', 'utf16le'));
  await run.shows('app.log:a new line\n');
  expect((await run.end()).exitCode).toBe(130);
});

test('-m ends it when there were enough, with 0', async () => {
  const { folder } = scene('x old\n');
  const run = follow(folder, ['-m', '2', 'x', 'b.log']);
  await run.says('b.log: does not exist yet');
  writeFileSync(join(folder, 'b.log'), 'x 1\nx 2\nx 3\n');
  const { exitCode, stdout } = await run.child;
  expect([exitCode, stdout]).toEqual([0, 'x 1\nx 2\n']);
});

test('--timeout ends it with 2, and a glob that finds nothing at once', async () => {
  const { folder } = scene('x\n');
  const late = follow(folder, ['--timeout', '0.6s', '-e', 'x', 'app.log']);
  const none = follow(folder, ['-e', 'x', 'nothing*']);
  expect((await none.child).exitCode).toBe(2);
  const { exitCode, stdout, stderr } = await late.child;
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/time/);
});

test('a closed pipe ends it quietly', async () => {
  const { folder, append } = scene('');
  const run = startShell('$DEVOPS logs-grep --follow x app.log missing.log | head -n 1; echo "${PIPESTATUS[0]}"', {
    cwd: folder,
  });
  let stderr = '';
  run.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  while (!stderr.includes('does not exist yet')) await sleep(10);
  // What fails is heard of with the next line.
  let count = 0;
  const writer = setInterval(() => append(`x ${++count}\n`), 200);
  const { stdout } = await run.finally(() => clearInterval(writer));
  expect(stdout).toBe('app.log:x 1\n0\n');
  expect(stderr).not.toContain('error');
});

test('its own output is left out', async () => {
  const { folder } = scene('x 1\n');
  const run = await startShell(
    '$DEVOPS logs-grep --timeout 1s --follow -e x app.log >> app.log; echo "$?"; cat app.log',
    { cwd: folder },
  );
  expect(run.stdout).toBe('2\nx 1\n');
  expect(run.stderr).toContain('app.log: is where the output goes');
});

test('json, which would never be complete, is refused with a hint at jsonl', async () => {
  const { folder } = scene('x\n');
  const { exitCode, stdout, stderr } = await follow(folder, ['--output', 'json', '-e', 'x', 'app.log']).child;
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain('jsonl');
});

test.each([
  [['--until', '12:00'], /--follow and --until/],
  [['-c'], /--follow and --count/],
  [['--alert'], /--follow never ends/],
])('%j with it is refused with a hint', async (words, message) => {
  const { folder } = scene('x\n');
  const run = follow(folder, [...words, '-e', 'x', 'app.log']);
  const { exitCode, stdout, stderr } = await run.child;
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr).toContain('devops: hint: ');
});

test('who is killed between the output and the state has the same lines once more, and loses none', async () => {
  const { folder, append } = scene('');
  const env = { ...bareEnvironment, STATE_DIRECTORY: folder, CACHE_DIRECTORY: folder };
  const words = ['logs-grep', '--state', 'web', '-e', '', 'app.log'];
  const cron = () => start(node, [bin, ...words], { cwd: folder, env });
  await cron();
  const lines = Array.from({ length: 60_000 }, (_, number) => `line ${number}\n`).join('');
  append(lines);
  // Nobody reads, so that its output is stuck in the pipe.
  const slow = spawn(node, [bin, ...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(slow, 'exit');
  await once(slow.stdout, 'readable');
  expect(slow.exitCode).toBe(null);
  slow.kill('SIGKILL');
  await exited;
  const again = await cron();
  expect([again.exitCode, again.stdout === lines]).toEqual([0, true]);
  expect((await cron()).exitCode).toBe(1);
});

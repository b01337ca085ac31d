import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openOutputPipe } from '../../../src/lib/shell/output-pipe.ts';

let folder: string;
let log: string;
let target: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-pipe-'));
  log = join(folder, 'log');
  target = openSync(log, 'a');
});

afterEach(() => {
  closeSync(target);
  rmSync(folder, { recursive: true, force: true });
});

const env = { PATH: '/usr/bin:/bin' };

function open(to = target, name = 'one.pipe') {
  return openOutputPipe({ target: to, path: join(folder, name), sparePath: join(folder, 'spare.pipe'), env });
}

function shell(script: string, write: number) {
  return spawn('sh', ['-c', script], { stdio: ['ignore', write, write], env });
}

/** Who reads the pipe. */
function emptiers(): number[] {
  const isOurs = (pid: string) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/0`).startsWith(folder) && Number(pid) !== process.pid;
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isOurs(name))
    .map(Number);
}

describe('a pipe into a file', () => {
  test('keeps what was there when the program opens its output by name', async () => {
    const pipe = (await open())!;
    const script = 'echo one; echo two > /dev/stderr; echo three | tee /dev/stderr; echo four > /proc/self/fd/1';
    await once(shell(script, pipe.write), 'exit');
    await pipe.end();
    expect(readFileSync(log, 'utf8')).toBe('one\ntwo\nthree\nthree\nfour\n');
  });

  test('has all of it at the end, in order', async () => {
    const pipe = (await open())!;
    await once(shell('i=0; while [ $i -lt 2000 ]; do echo $i; echo $i >&2; i=$((i+1)); done', pipe.write), 'exit');
    await pipe.end();
    const expected = Array.from({ length: 2000 }, (_, index) => `${index}\n${index}\n`).join('');
    expect(readFileSync(log, 'utf8')).toBe(expected);
  });

  test('is used again by the next one', async () => {
    await (await open())!.end();
    expect(readdirSync(folder).toSorted()).toEqual(['log', 'spare.pipe']);
    const [first, second] = [(await open())!, (await open(target, 'two.pipe'))!];
    await once(shell('echo a', first.write), 'exit');
    await first.end();
    await once(shell('echo b', second.write), 'exit');
    await second.end();
    expect(readFileSync(log, 'utf8')).toBe('a\nb\n');
    expect(readdirSync(folder).toSorted()).toEqual(['log', 'spare.pipe']);
  });

  test('goes on when the one that empties it is killed', async () => {
    const pipe = (await open())!;
    const child = shell('echo before; sleep 0.4; echo after', pipe.write);
    const exit = once(child, 'exit');
    await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toBe('before\n'));
    for (const pid of emptiers()) process.kill(pid, 'SIGTERM');
    expect(await exit).toEqual([0, null]);
    await pipe.end();
    expect(readFileSync(log, 'utf8')).toBe('before\nafter\n');
  });

  test('does not stop the program on a full disk', async () => {
    const full = openSync('/dev/full', 'a');
    const pipe = (await open(full))!;
    const child = shell('head -c 1000000 /dev/zero; echo more; exit 3', pipe.write);
    expect(await once(child, 'exit')).toEqual([3, null]);
    await pipe.end();
    closeSync(full);
  });

  test('keeps no more than it may, and the program goes on', async () => {
    const pipe = (await openOutputPipe({
      target,
      path: join(folder, 'one.pipe'),
      sparePath: join(folder, 'spare.pipe'),
      env,
      mostBytes: 1024 * 1024,
    }))!;
    const child = shell('yes | head -c 8000000; echo done >&2; exit 7', pipe.write);
    expect(await once(child, 'exit')).toEqual([7, null]);
    await pipe.end();
    const text = readFileSync(log, 'utf8');
    expect(text.length).toBeLessThan(1_100_000);
    expect(text).toContain('[devops: what came beyond 1.00 MiB is thrown away]');
  });

  test('is not awaited for ever when somebody else keeps it open, and then not used again', async () => {
    const pipe = (await open())!;
    await once(shell('echo told; sleep 1.5 & exit 0', pipe.write), 'exit');
    const started = performance.now();
    await pipe.end();
    expect(performance.now() - started).toBeLessThan(1400);
    expect(readFileSync(log, 'utf8')).toBe('told\n');
    expect(existsSync(join(folder, 'spare.pipe'))).toBe(false);
  });

  test('cannot be had without the programs for it', async () => {
    const options = { target, path: join(folder, 'a'), sparePath: join(folder, 'b'), env: { PATH: folder } };
    expect(await openOutputPipe(options)).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['log']);
  });
});

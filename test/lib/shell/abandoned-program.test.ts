import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capturedText } from '../../../src/lib/shell/head-and-tail.ts';
import { runProgram } from '../../../src/lib/shell/run-program.ts';
import { startDeadMount, startFuseMount } from '../../support/dead-mount.ts';
import type { FuseMount, NoMount } from '../../support/dead-mount.ts';

const env = { PATH: '/usr/bin:/bin' };
let dead: FuseMount | NoMount = { unavailable: 'not started' };

beforeAll(async () => {
  dead = await startDeadMount();
});

afterAll(async () => {
  if ('stop' in dead) await dead.stop();
});

function usable(mount: FuseMount | NoMount, skip: (note: string) => never): FuseMount {
  return 'unavailable' in mount ? skip(mount.unavailable) : mount;
}

test('a program that even KILL does not end is let go of and named', async ({ skip }) => {
  const { pathFromOutside: path } = usable(dead, skip);
  const argv = ['stat', '-f', path] as const;
  const result = await runProgram({ argv, env, timeoutSeconds: 0.5, graceSeconds: 0.2, abandonSeconds: 0.3 });
  expect(result.end).toEqual({ kind: 'abandoned', pid: expect.any(Number), reason: 'timed-out' });
  const pid = result.end.kind === 'abandoned' ? result.end.pid : 0;
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^State:\s+D/m);
  expect(result.durationSeconds).toBeGreaterThan(0.9);
  expect(result.durationSeconds).toBeLessThan(3);
});

test('a stuck child of a program that is dead itself is named too, after an abort', async ({ skip }) => {
  const { pathFromOutside: path } = usable(dead, skip);
  const argv = ['sh', '-c', 'stat -f "$0" & echo $!; wait', path] as const;
  const signal = AbortSignal.timeout(500);
  const result = await runProgram({ argv, env, signal, timeoutSeconds: 20, graceSeconds: 0.2 });
  const pid = Number(capturedText(result.stdout));
  expect(result.end).toEqual({ kind: 'abandoned', pid, reason: 'aborted' });
});

test('a process that let go of a stuck program can still exit', async ({ skip }) => {
  const { pathFromOutside: path } = usable(dead, skip);
  const source = join(import.meta.dirname, '../../../src/lib/shell/run-program.ts');
  const program = `
    import { runProgram } from ${JSON.stringify(source)};
    const argv = ['stat', '-f', ${JSON.stringify(path)}];
    const env = { PATH: '/usr/bin:/bin' };
    const { end } = await runProgram({ argv, env, timeoutSeconds: 0.3, graceSeconds: 0.1, input: 'x'.repeat(1e6) });
    console.log(end.kind);`;
  const argv = [process.execPath, '--input-type=module', '-e', program] as const;
  const result = await runProgram({ argv, env, timeoutSeconds: 20 });
  expect(capturedText(result.stdout)).toBe('abandoned\n');
  expect(result.end).toEqual({ kind: 'exited', code: 0 });
  expect(result.durationSeconds).toBeLessThan(8);
});

test('the healthy mount answers, with the numbers that it promises', async ({ skip }) => {
  const mount = usable(await startFuseMount({ mode: 'frsize' }), skip);
  try {
    const argv = ['stat', '-f', '-c', '%s %S %b %f %a %c %d', mount.pathFromOutside] as const;
    const result = await runProgram({ argv, env, timeoutSeconds: 10 });
    expect(capturedText(result.stdout)).toBe('1048576 4096 1000000 400000 300000 1000 900\n');
    const line = mount
      .mountinfo()
      .split('\n')
      .find((text) => text.includes(mount.path));
    expect(line).toContain(' - fuse.test dead-fuse ');
    // Nobody else meets it.
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(mount.path);
  } finally {
    await mount.stop();
  }
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { acquireLock } from '../../../src/lib/locks/acquire-lock.ts';
import type { Lock, LockAnswer } from '../../../src/lib/locks/lock.ts';
import { requireProgram } from '../../support/services.ts';
import { startHolder } from './start-holder.ts';

const flock = requireProgram('flock', 'locks by flock(2) are not tested');
const folder = mkdtempSync(join(tmpdir(), 'devops-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

const request = { env: process.env, signal: new AbortController().signal, pid: process.pid, now: 1000, what: 'a test' };

function locked(answer: LockAnswer): Lock {
  if ('lock' in answer) return answer.lock;
  throw new Error(`busy: ${JSON.stringify(answer.busy)}`);
}

test.skipIf(flock === undefined)(
  'a lock is had once, others are told by whom, and it is free when released',
  async () => {
    const path = join(folder, 'once');
    const lock = locked(await acquireLock(path, request));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await acquireLock(path, { ...request, now: 1090 })).toEqual({
      busy: { pid: process.pid, sinceSeconds: 90, what: 'a test' },
    });
    lock.release();
    lock.release();
    expect(readFileSync(path, 'utf8')).toBe('');
    const next = locked(await acquireLock(path, request));
    lock.release();
    expect(await acquireLock(path, request)).toHaveProperty('busy');
    next.release();
    expect(existsSync(`${path}.pid`)).toBe(false);
  },
);

test.skipIf(flock === undefined)('a holder that is killed by -9 frees it, and is told to nobody any more', async () => {
  const path = join(folder, 'killed');
  const holder = await startHolder('flock', path);
  expect(holder.said).toBe('locked');
  const { busy } = (await acquireLock(path, { ...request, now: Date.now() / 1000 })) as { busy: object };
  expect(busy).toMatchObject({ pid: holder.pid, what: String.raw`test of flock\n` });
  await holder.kill();
  expect(readFileSync(path, 'utf8')).toContain(`"pid":${holder.pid},`);
  const lock = locked(await acquireLock(path, request));
  // As if the new holder had not written yet.
  writeFileSync(path, readFileSync(path, 'utf8').replace(`"pid":${process.pid},`, `"pid":${holder.pid},`));
  expect(await acquireLock(path, request)).toEqual({ busy: {} });
  lock.release();
});

test.skipIf(flock === undefined)('of 10 processes at once exactly one has it', async () => {
  const path = join(folder, 'crowd');
  const holders = await Promise.all(Array.from({ length: 10 }, () => startHolder('flock', path)));
  const winners = holders.filter(({ said }) => said === 'locked');
  expect(winners).toHaveLength(1);
  // On a busy machine some are faster than the winner, who has not said yet who it is.
  const told = holders.flatMap(({ said }) => (said as { pid?: number }).pid ?? []);
  expect(told.filter((pid) => pid !== winners[0]!.pid)).toEqual([]);
  await Promise.all(holders.map(({ end }) => end()));
});

test.skipIf(flock === undefined)('a program that the holder starts does not keep the lock', async () => {
  const path = join(folder, 'children');
  const lock = locked(await acquireLock(path, request));
  const child = spawn('sleep', ['20'], { stdio: 'ignore' });
  await once(child, 'spawn');
  lock.release();
  const answer = await acquireLock(path, request);
  child.kill();
  await once(child, 'close');
  locked(answer).release();
  expect(child.signalCode).toBe('SIGTERM');
});

test.skipIf(flock === undefined)('a lock on a file that somebody removed meanwhile does not count', async () => {
  const path = join(folder, 'removed');
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh\n[ -e '${bin}/done' ] || { rm '${path}'; : > '${bin}/done'; }\nexec '${flock}' "$@"\n`;
  writeFileSync(join(bin, 'flock'), script, { mode: 0o755 });
  const lock = locked(await acquireLock(path, { ...request, env: { PATH: `${bin}:/usr/bin:/bin` } }));
  expect(await acquireLock(path, request)).toHaveProperty('busy');
  lock.release();
});

test('without flock(1) a file with the pid is the lock', async () => {
  const path = join(folder, 'without');
  const env = { PATH: folder };
  const lock = locked(await acquireLock(path, { ...request, env }));
  expect(existsSync(`${path}.pid`)).toBe(true);
  expect(await acquireLock(path, { ...request, env })).toHaveProperty('busy.pid', process.pid);
  lock.release();
  expect(existsSync(`${path}.pid`)).toBe(false);
});

test('what is no lock file is refused and left alone', async () => {
  const target = join(folder, 'target');
  writeFileSync(target, 'precious');
  const link = join(folder, 'link');
  symlinkSync(target, link);
  await expect(acquireLock(link, request)).rejects.toThrow('it is a symbolic link');
  expect(readFileSync(target, 'utf8')).toBe('precious');
  await expect(acquireLock(folder, request)).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/is a directory$/),
  });
  await expect(acquireLock(join(folder, 'none', 'x'), request)).rejects.toMatchObject({
    code: 'not-found',
    hints: [expect.stringContaining('ls -ld')],
  });
  await expect(acquireLock('/dev/null', request)).rejects.toThrow('it is not a regular file');
  await expect(acquireLock('/proc/lock', request)).rejects.toMatchObject({ name: 'UserError' });
});

test.skipIf(flock === undefined)('what flock itself complains about is no busy lock', async () => {
  const bin = join(folder, 'broken');
  mkdirSync(bin);
  writeFileSync(join(bin, 'flock'), '#!/bin/sh\necho "flock: 0: no locks available" >&2\nexit 1\n', { mode: 0o755 });
  await expect(acquireLock(join(folder, 'nfs'), { ...request, env: { PATH: bin } })).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('no locks available'),
  });
});

test('an aborted run gets no lock', async () => {
  const path = join(folder, 'aborted');
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(acquireLock(path, { ...request, signal })).rejects.toThrow('enough');
  locked(await acquireLock(path, request)).release();
});

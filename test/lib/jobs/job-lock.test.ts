import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describeHolder, jobLockPath, takeJobLock } from '../../../src/lib/jobs/job-lock.ts';
import type { Lock, LockAnswer, LockHolder } from '../../../src/lib/locks/lock.ts';
import { requireProgram } from '../../support/services.ts';

const flock = requireProgram('flock', 'locks of jobs by flock(2) are not tested');
const folder = mkdtempSync(join(tmpdir(), 'devops-job-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

const request = {
  pid: process.pid,
  now: 1000,
  what: 'devops run backup',
  runId: 'run-2',
  env: process.env,
  signal: new AbortController().signal,
  waitSeconds: 0,
  inherit: true,
};

function locked(answer: LockAnswer): Lock {
  if ('lock' in answer) return answer.lock;
  throw new Error(`busy: ${JSON.stringify(answer.busy)}`);
}

async function holderOf(path: string, fields: Partial<typeof request> = {}): Promise<LockHolder> {
  const answer = await takeJobLock(path, { ...request, ...fields });
  if ('busy' in answer) return answer.busy;
  answer.lock.release();
  throw new Error('not busy');
}

/** A process that has the lock, and its job. `kill` leaves the job. */
async function startRun(path: string, inherit: string) {
  const script = join(import.meta.dirname, 'hold-job-lock.ts');
  const run = spawn(process.execPath, [script, path, inherit], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(run, 'close');
  const [line] = (await once(run.stdout, 'data')) as [Buffer];
  const job = Number(line.toString());
  return {
    pid: run.pid!,
    job,
    async kill(): Promise<void> {
      run.kill('SIGKILL');
      await closed;
    },
  };
}

test.skipIf(flock === undefined)('the lock outlives a killed run as long as its job, and says so', async () => {
  const path = join(folder, 'inherited');
  const run = await startRun(path, 'inherit');
  const now = Date.now() / 1000 + 60;
  const holder = await holderOf(path, { now });
  expect(holder).toMatchObject({ pid: run.pid, runId: 'run-1', what: 'devops run backup' });
  expect(holder.isLeftOver).toBeUndefined();
  await run.kill();
  const left = await holderOf(path, { now });
  expect(left).toMatchObject({ pid: run.pid, runId: 'run-1', what: 'devops run backup', isLeftOver: true });
  expect(left.sinceSeconds).toBeGreaterThan(59);
  process.kill(run.job, 'SIGKILL');
  await expect.poll(async () => 'lock' in (await takeAndRelease(path))).toBe(true);
});

async function takeAndRelease(path: string): Promise<LockAnswer> {
  const answer = await takeJobLock(path, request);
  if ('lock' in answer) answer.lock.release();
  return answer;
}

test.skipIf(flock === undefined)('a job that does not inherit the lock does not keep it', async () => {
  const path = join(folder, 'own');
  const run = await startRun(path, 'alone');
  expect(await holderOf(path)).toMatchObject({ pid: run.pid, runId: 'run-1' });
  await run.kill();
  const lock = locked(await takeJobLock(path, { ...request, inherit: false }));
  expect(lock.descriptor).toBeUndefined();
  // Nothing that was left over can have it.
  writeFileSync(path, readFileSync(path, 'utf8').replace(/"start":"\d+"/, '"start":"1"'));
  expect(await holderOf(path)).toEqual({});
  lock.release();
  expect(readFileSync(path, 'utf8')).toBe('');
  process.kill(run.job, 'SIGKILL');
});

test.skipIf(flock === undefined)('what a job leaves behind keeps the lock after its run has released it', async () => {
  const path = join(folder, 'daemon');
  const lock = locked(await takeJobLock(path, request));
  const child = spawn('sleep', ['30'], { stdio: ['ignore', 'ignore', 'ignore', lock.descriptor!] });
  await once(child, 'spawn');
  lock.release();
  expect(await holderOf(path, { now: 1060 })).toEqual({
    pid: process.pid,
    runId: 'run-2',
    what: 'devops run backup',
    sinceSeconds: 60,
    isLeftOver: true,
  });
  child.kill();
  await once(child, 'close');
  locked(await takeJobLock(path, request)).release();
});

test.skipIf(flock === undefined)('who waits has it as soon as it is free, or is told who has it', async () => {
  const path = join(folder, 'waited');
  const lock = locked(await takeJobLock(path, request));
  const began = performance.now();
  expect(await holderOf(path, { waitSeconds: 0.3 })).toMatchObject({ pid: process.pid });
  expect(performance.now() - began).toBeGreaterThan(290);
  const next = takeJobLock(path, { ...request, runId: 'run-3', waitSeconds: 20 });
  setTimeout(() => lock.release(), 200);
  const second = locked(await next);
  expect(performance.now() - began).toBeLessThan(5000);
  const { since } = JSON.parse(readFileSync(path, 'utf8')) as { since: number };
  // Since it has it, not since it waits.
  expect(since).toBeGreaterThan(1000.15);
  second.release();
});

test.skipIf(flock === undefined)('a wait ends with the signal', async () => {
  const path = join(folder, 'aborted');
  const lock = locked(await takeJobLock(path, request));
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('enough')), 150);
  const began = performance.now();
  await expect(takeJobLock(path, { ...request, waitSeconds: 60, signal: controller.signal })).rejects.toThrow('enough');
  expect(performance.now() - began).toBeLessThan(5000);
  lock.release();
  locked(await takeJobLock(path, request)).release();
});

test.skipIf(flock === undefined)(
  'a flock(1) that cannot wait, as that of busybox, is asked again and again',
  async () => {
    const bin = join(folder, 'busybox');
    mkdirSync(bin);
    const script = `#!/bin/sh\nif [ "$2" = -w ]; then echo "flock: invalid option -- 'w'" >&2; exit 1; fi\nexec '${flock}' "$@"\n`;
    writeFileSync(join(bin, 'flock'), script, { mode: 0o755 });
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    const path = join(folder, 'polled');
    const lock = locked(await takeJobLock(path, { ...request, env }));
    expect(await holderOf(path, { env, waitSeconds: 0.2 })).toMatchObject({ pid: process.pid });
    setTimeout(() => lock.release(), 200);
    locked(await takeJobLock(path, { ...request, env, waitSeconds: 20 })).release();
  },
);

test('without flock(1) it is a pid file, which is waited for and not handed on', async () => {
  const path = join(folder, 'pid-file');
  const env = { PATH: folder };
  const lock = locked(await takeJobLock(path, { ...request, env }));
  expect(lock.descriptor).toBeUndefined();
  expect(await holderOf(path, { env, now: 1007 })).toEqual({
    pid: process.pid,
    runId: 'run-2',
    what: 'devops run backup',
    sinceSeconds: 7,
  });
  setTimeout(() => lock.release(), 100);
  locked(await takeJobLock(path, { ...request, env, waitSeconds: 20 })).release();
});

test.each([['with'], ['without']])('%s flock(1) a run that is a zombie does not hold it', async (kind) => {
  const path = join(folder, `zombie-${kind}`);
  const env = kind === 'with' ? process.env : { PATH: folder };
  // A shell that is stopped does not wait for its child.
  const script = 'sleep 0.2 9>&- & echo $!; kill -STOP $$';
  const shell = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(shell.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  const lock = locked(await takeJobLock(path, { ...request, env, pid, inherit: false }));
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'latin1')).toMatch(/\) Z /);
  // The descriptors of a zombie are closed; ours is not, so it is released here.
  if (kind === 'with') lock.release();
  locked(await takeJobLock(path, { ...request, env })).release();
  shell.kill('SIGKILL');
  await once(shell, 'close');
});

test('a clock that was put back makes nobody hold a lock for less than no time', async () => {
  const path = join(folder, 'clock');
  const lock = locked(await takeJobLock(path, request));
  expect(await holderOf(path, { now: 10 })).toMatchObject({ sinceSeconds: 0 });
  lock.release();
});

test('a folder that cannot be written and a link in the place of the lock are told', async () => {
  await expect(takeJobLock('/proc/lock', request)).rejects.toMatchObject({ name: 'UserError' });
  const link = join(folder, 'link');
  symlinkSync('/etc/passwd', link);
  await expect(takeJobLock(link, request)).rejects.toThrow('it is a symbolic link');
  writeFileSync(join(folder, 'file'), '');
  const account = { env: {}, uid: 4711, homeDirectory: join(folder, 'file') };
  expect(() => jobLockPath(account, 'backup')).toThrow(expect.objectContaining({ name: 'UserError' }));
});

test('the lock of a name lies in the private folder for locks', () => {
  const account = { env: {}, uid: process.getuid!(), homeDirectory: folder };
  const path = jobLockPath(account, 'backup');
  expect(path).toMatch(/\/job-backup\.lock$/);
  expect(statSync(join(path, '..')).mode & 0o022).toBe(0);
});

test.skipIf(flock === undefined)(
  'on a full disk a lock is had all the same, without a word about who has it',
  async ({ skip }) => {
    skip(process.getuid!() !== 0, 'only root can mount a small disk');
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    try {
      writeFileSync(join(disk, 'filler'), Buffer.alloc(64 * 1024));
      const path = join(disk, 'lock');
      const lock = locked(await takeJobLock(path, request));
      expect(await holderOf(path)).toEqual({});
      lock.release();
      locked(await takeJobLock(path, request)).release();
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  },
);

test('who has a lock is told in words', () => {
  const holder = { pid: 4711, what: 'devops run backup', sinceSeconds: 7500 };
  expect(describeHolder(holder)).toBe('devops run backup, process 4711, for 2h 5m');
  expect(describeHolder({ ...holder, isLeftOver: true })).toBe(
    'devops run backup, which was killed or has ended and left processes behind, for 2h 5m',
  );
  expect(describeHolder({})).toBe('somebody who does not say who it is');
});

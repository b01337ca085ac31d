import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { acquirePidFile } from '../../../src/lib/locks/acquire-pid-file.ts';
import { startHolder } from './start-holder.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-pid-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const request = { pid: process.pid, now: 1000, what: 'a test' };

test('a lock is had once, others are told by whom, and nothing is left when it is released', () => {
  const own = join(folder, 'own');
  mkdirSync(own);
  const path = join(own, 'lock');
  const answer = acquirePidFile(path, request);
  expect(acquirePidFile(path, { ...request, now: 1005 })).toEqual({
    busy: { pid: process.pid, sinceSeconds: 5, what: 'a test' },
  });
  if ('lock' in answer) answer.lock.release();
  expect(readdirSync(own)).toEqual([]);
  expect(acquirePidFile(path, request)).toHaveProperty('lock');
});

test('a holder that is gone, a zombie, of another boot or whose number was given anew does not hold it', async () => {
  const path = join(folder, 'stale');
  const holder = await startHolder('pid-file', path);
  expect(acquirePidFile(path, request)).toHaveProperty('busy.pid', holder.pid);
  const alive = readFileSync(path, 'utf8');
  const stale = [
    alive.replace(/"start":"\d+"/, '"start":"1"'),
    alive.replace(/"boot":"[^"]*"/, '"boot":"another"'),
    '',
    'not ours',
    '{"pid":-1}',
  ];
  for (const text of stale) {
    writeFileSync(path, text);
    const answer = acquirePidFile(path, request);
    expect(answer).toHaveProperty('lock');
    if ('lock' in answer) answer.lock.release();
  }
  writeFileSync(path, alive);
  await holder.kill();
  expect(acquirePidFile(path, request)).toHaveProperty('lock');
  rmSync(path);
});

test('a zombie does not hold it', async () => {
  // A shell that is stopped does not wait for its child.
  const shell = spawn('sh', ['-c', 'sleep 0.05 & echo $!; kill -STOP $$'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(shell.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  const path = join(folder, 'zombie');
  expect(acquirePidFile(path, { ...request, pid })).toHaveProperty('lock');
  await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'latin1')).toMatch(/\) Z /);
  expect(acquirePidFile(path, request)).toHaveProperty('lock');
  shell.kill('SIGKILL');
  await once(shell, 'close');
});

test('holders that were killed while they took over are stepped over and cleared away', async () => {
  const own = join(folder, 'chain');
  mkdirSync(own);
  const path = join(own, 'lock');
  const holder = await startHolder('pid-file', path);
  await holder.kill();
  const dead = readFileSync(path, 'utf8');
  const { id } = JSON.parse(dead) as { id: string };
  writeFileSync(`${path}.after-${id}`, dead.replace(id, 'a'.repeat(32)));
  const answer = acquirePidFile(path, request);
  expect(answer).toHaveProperty('lock');
  expect(readdirSync(own)).toEqual(['lock']);
  expect(readFileSync(path, 'utf8')).toContain(`"pid":${process.pid},`);
});

test('what is no lock file is refused', () => {
  const link = join(folder, 'link');
  symlinkSync('/etc/passwd', link);
  expect(() => acquirePidFile(link, request)).toThrow('it is a symbolic link');
  const place = join(folder, 'place');
  mkdirSync(place);
  expect(() => acquirePidFile(place, request)).toThrow('it is not a regular file');
  expect(() => acquirePidFile(join(folder, 'none/x'), request)).toThrow(
    expect.objectContaining({ name: 'UserError', code: 'not-found' }),
  );
});

test('processes that take it, leave it and are killed all the time never meet', async () => {
  const path = join(folder, 'contended');
  const [inside, log] = [join(folder, 'inside'), join(folder, 'log')];
  writeFileSync(log, '');
  const script = join(import.meta.dirname, 'contend.ts');
  // A machine may be slow: what counts is how often it was taken.
  const isEnough = (): boolean => readFileSync(log, 'utf8').length > 250;
  const until = performance.now() + 3500;
  let kills = 0;
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!isEnough() && performance.now() < until) {
        const child = spawn(process.execPath, [script, path, inside, log], { stdio: ['ignore', 'pipe', 'inherit'] });
        const closed = once(child, 'close');
        await Promise.race([once(child.stdout, 'data'), closed]);
        const timer = setTimeout(() => child.kill('SIGKILL'), 100 + 300 * Math.random());
        await closed;
        clearTimeout(timer);
        if (child.signalCode === 'SIGKILL') kills++;
      }
    }),
  );
  const text = readFileSync(log, 'utf8');
  expect(text.match(/.*met.*/g)).toBeNull();
  expect(text.length).toBeGreaterThan(50);
  expect(kills).toBeGreaterThan(3);
});

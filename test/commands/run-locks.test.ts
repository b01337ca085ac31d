import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readHistory } from '../../src/lib/jobs/read-history.ts';
import { readMail } from '../support/mail/read-mail.ts';
import { notifyBench, ops } from './run-notify.ts';
import { ownLock, startRun, untilThere } from './start-run.ts';

let bench: ReturnType<typeof notifyBench>;
let lock: ReturnType<typeof ownLock>;
beforeEach(() => {
  bench = notifyBench();
  lock = ownLock(bench.env());
});
afterEach(() => bench.close());

const rounds = process.env['LONG'] === '1' ? 50 : 3;
const path = (...names: string[]) => join(bench.folder, ...names);
const start = (words: readonly string[]) => startRun(words, { cwd: bench.folder, env: bench.env() });
const history = (job: string) => readHistory(join(bench.state, 'jobs', job)).runs;
/** In the folder of the test, for a job of devops.yaml runs where we are. */
const shell = (script: string) => JSON.stringify(['sh', '-c', `cd '${bench.folder}'; ${script}`]);

/** A job that says that it has started and goes on until it may end, or its folder is gone. */
const untilFree = 'touch started; while test -e devops.yaml && ! test -e free; do sleep 0.02; done';

describe('two runs of a job at once', () => {
  test(`one runs, and the other ends with 75 and says nothing, ${rounds} times`, async () => {
    const script =
      'mkdir inside || exit 99; while test -e devops.yaml && ! test -e free; do sleep 0.02; done; rmdir inside';
    bench.config(`jobs: { once: { run: ${shell(script)}, lock: ${lock.name} } }`);
    for (let round = 0; round < rounds; round++) {
      const runs = [start(['run', 'once']), start(['run', 'once'])];
      const first = await Promise.race(runs.map(({ ended }) => ended));
      writeFileSync(path('free'), '');
      const ends = await Promise.all(runs.map(({ ended }) => ended));
      expect(first).toEqual({ code: 75, stdout: '', stderr: '' });
      expect(ends.map(({ code, stderr }) => `${code} ${stderr}`).toSorted()).toEqual(['0 ', '75 ']);
      rmSync(path('free'));
    }
    expect(
      history('once')
        .map(({ state }) => state)
        .toSorted(),
    ).toEqual([...Array.from({ length: rounds }, () => 'busy'), ...Array.from({ length: rounds }, () => 'ok')]);
  }, 120_000);

  test('many that find it busy in a row are told once, and once more when it runs again', async () => {
    const server = await bench.mailServer();
    bench.config(
      `jobs: { slow: { run: ${shell(untilFree)}, lock: ${lock.name}, notify: '${ops}', notify_on: { stuck: 3 } } }`,
    );
    const slow = start(['run', 'slow']);
    await untilThere(path('started'));
    for (let round = 0; round < 5; round++) {
      expect(await bench.devops('run slow')).toEqual({ code: 75, stdout: '', stderr: '' });
      expect(server.received.length).toBe(round < 2 ? 0 : 1);
    }
    expect(readMail(server.received[0]!.raw).text).toContain('skipped 3 times in a row');
    writeFileSync(path('free'), '');
    expect((await slow.ended).code).toBe(0);
    expect(server.received.map(({ raw }) => readMail(raw).headers.get('subject')?.split(' ')[0])).toEqual([
      expect.any(String),
      'RECOVERED',
    ]);
  });
});

describe('the clock', () => {
  test.each([
    ['back', -86_400 * 400],
    ['forward', 86_400 * 400],
  ])('may jump %s by a year between two runs: each alert is told, and nothing is locked', async (_, seconds) => {
    const server = await bench.mailServer();
    bench.config(`jobs: { jump: { run: ${shell('exit $(cat code)')}, lock: ${lock.name}, notify: '${ops}' } }`);
    bench.later(0);
    for (const code of [3, 0, 4]) {
      writeFileSync(path('code'), String(code));
      expect(await bench.devops('run jump')).toEqual({ code, stdout: '', stderr: '' });
      bench.later(seconds);
    }
    expect(server.received.length).toBe(3);
    expect(history('jump').map(({ exitCode }) => exitCode)).toEqual([3, 0, 4]);
  });
});

describe('overlap', () => {
  test('wait: the second one runs after the first, or gives up with 75', async () => {
    const script =
      'echo $$ >> order; touch started; while test -e devops.yaml && ! test -e free; do sleep 0.02; done; echo $$ >> order';
    const job = (wait: string) => `{ run: ${shell(script)}, lock: ${lock.name}, overlap: { wait: ${wait} } }`;
    bench.config(`jobs: { patient: ${job('20s')}, hasty: ${job('1s')} }`);
    const first = start(['run', 'patient']);
    await untilThere(path('started'));
    expect((await bench.devops('run hasty')).code).toBe(75);
    const second = bench.devops('run patient');
    writeFileSync(path('free'), '');
    expect([(await first.ended).code, (await second).code]).toEqual([0, 0]);
    const [one, end, two, last] = readFileSync(path('order'), 'utf8').trim().split('\n');
    expect([one, two]).toEqual([end, last]);
    expect(one).not.toBe(two);
  });

  test('replace: the first one is ended and is no failure, and nobody is told', async () => {
    const server = await bench.mailServer();
    const script = 'if mkdir ran 2>/dev/null; then touch started; sleep 20; fi';
    bench.config(`jobs: { newest: { run: ${shell(script)}, lock: ${lock.name}, overlap: replace, notify: '${ops}' } }`);
    const first = start(['run', 'newest']);
    await untilThere(path('started'));
    expect(await bench.devops('run newest')).toEqual({ code: 0, stdout: '', stderr: '' });
    await first.ended;
    expect(history('newest').map(({ state, ended }) => [state, ended])).toEqual([
      ['skipped', 'replaced by the next run'],
      ['ok', 'exit code 0'],
    ]);
    expect(server.received).toEqual([]);
  });
});

test('a lock that is no file is one line and 2, and nothing is started', async () => {
  mkdirSync(lock.path, { recursive: true, mode: 0o700 });
  const { code, stderr } = await bench.devops(['run', '--lock', lock.name, '--', 'touch', path('ran')]);
  expect([code, existsSync(path('ran'))]).toEqual([2, false]);
  expect(stderr).toMatch(/^devops: error: cannot open the lock '[^\n]*': [^\n]*\n(?:devops: hint: [^\n]*\n)*$/);
});

test.skipIf(process.getuid?.() !== 0)('a folder of locks that cannot be written is one line and 2', async () => {
  const nobody = 65_534;
  const folders = [bench.folder, bench.state, join(bench.state, 'locks')];
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, nobody, nobody);
  }
  chmodSync(folders.at(-1)!, 0o500);
  const place = { cwd: bench.folder, env: bench.env(), uid: nobody };
  const { code, stderr } = await startRun(['run', '--lock', 'nightly', '--', 'touch', path('ran')], place).ended;
  expect([code, existsSync(path('ran'))]).toEqual([2, false]);
  expect(stderr).toMatch(/^devops: error: cannot open the lock '[^\n]*locks[^\n]*\n(?:devops: hint: [^\n]*\n)*$/);
});

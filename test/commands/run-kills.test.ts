import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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

const path = (...names: string[]) => join(bench.folder, ...names);
const start = (words: readonly string[]) => startRun(words, { cwd: bench.folder, env: bench.env() });
const history = (job: string) => readHistory(join(bench.state, 'jobs', job)).runs;
/** In the folder of the test, for a job of devops.yaml runs where we are. */
const shell = (script: string) => JSON.stringify(['sh', '-c', `cd '${bench.folder}'; ${script}`]);

/** A job that says that it has started and goes on until it may end, or its folder is gone. */
const untilFree = 'touch started; while test -e devops.yaml && ! test -e free; do sleep 0.02; done';

/** A folder for PATH with what the jobs here need. */
function withoutFlock(): string {
  mkdirSync(path('bin'));
  for (const name of ['sh', 'touch', 'sleep']) symlinkSync(`/bin/${name}`, path('bin', name));
  return path('bin');
}

describe('a run whose devops was killed', () => {
  test('has the lock as long as its job lives, and the next run tells of it', async () => {
    const server = await bench.mailServer();
    bench.config(`jobs: { orphan: { run: ${shell(untilFree)}, lock: ${lock.name}, notify: '${ops}' } }`);
    const killed = start(['run', 'orphan']);
    await untilThere(path('started'));
    killed.kill();
    expect((await killed.ended).code).toBe(null);
    expect((await bench.devops('run orphan')).code).toBe(75);
    expect(history('orphan').at(-1)!.heldBy).toContain('was killed or has ended and left processes behind');
    writeFileSync(path('free'), '');
    await expect.poll(async () => (await bench.devops('run orphan')).code, { timeout: 15_000 }).toBe(0);
    const told = history('orphan').filter(({ state }) => state !== 'busy');
    expect(told.map(({ state, ended }) => [state, ended])).toEqual([
      ['interrupted', expect.stringContaining('devops was killed')],
      ['ok', 'exit code 0'],
    ]);
    expect(readMail(server.received[0]!.raw).text).toContain('devops was killed during a run');
    expect(readdirSync(join(bench.state, 'jobs', 'orphan', 'running'))).toEqual([]);
  });

  test.each([
    ['flock(1)', '/usr/bin:/bin'],
    ['a pid file, where there is no flock(1),', undefined],
  ])('gives up %s also while nobody has reaped it', async (_, search) => {
    const PATH = search ?? withoutFlock();
    bench.config(`jobs: { reaped: { run: ${shell('touch started; sleep 0.3')}, lock: ${lock.name} } }`);
    // The shell becomes a program that never asks for its children.
    const line = `"$@" & exec sleep 60`;
    const parent = startRun(['run', 'reaped'], {
      cwd: bench.folder,
      env: bench.env({ PATH }),
      behind: ['/bin/sh', '-c', line, 'sh'],
    });
    await untilThere(path('started'));
    const running = join(bench.state, 'jobs', 'reaped', 'running');
    const [runId] = readdirSync(running);
    const { pid } = JSON.parse(readFileSync(join(running, runId!), 'utf8')) as { pid: number };
    expect(pid).not.toBe(parent.pid);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') Z ');
    const again = () => bench.devops('run reaped', { env: { PATH } });
    await expect.poll(async () => (await again()).code, { timeout: 15_000 }).toBe(0);
    await expect
      .poll(async () => (await again(), history('reaped').find((run) => run.runId === runId)?.state), {
        timeout: 15_000,
      })
      .toBe('interrupted');
    expect(readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') Z ');
  });

  test.each([
    ['its number belongs to another process now', { start: '1' }],
    ['the machine was started anew since', { boot: '00000000-0000-4000-8000-000000000000' }],
    ['its mark is torn', undefined],
  ])('is told once when %s', async (_, change) => {
    bench.config(`jobs: { left: { run: ['true'], lock: ${lock.name} } }`);
    expect((await bench.devops('run left')).code).toBe(0);
    const runId = '11111111-1111-4111-8111-111111111111';
    const claim = {
      pid: process.pid,
      start: readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)!.split(' ')[19],
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
      since: 1_790_000_000,
      what: 'left',
      id: '0'.repeat(32),
    };
    const mark = join(bench.state, 'jobs', 'left', 'running', runId);
    const leave = (text: string) => {
      writeFileSync(mark, text);
      utimesSync(mark, 1_790_000_000, 1_790_000_000);
    };
    const lost = () => history('left').filter((run) => run.runId === runId);
    // It goes on: this very process has it.
    leave(JSON.stringify(claim));
    expect((await bench.devops('run left')).code).toBe(0);
    expect(lost()).toEqual([]);
    leave(change === undefined ? '{"pid":' : JSON.stringify({ ...claim, ...change }));
    for (let round = 0; round < 2; round++) expect((await bench.devops('run left')).code).toBe(0);
    expect(lost()).toMatchObject([{ state: 'interrupted', startedAt: expect.stringMatching(/^20/) }]);
    expect(existsSync(mark)).toBe(false);
  });

  test('is told nevertheless when many starts found the lock taken since', async () => {
    bench.config(`jobs: { left: { run: ['true'], lock: ${lock.name} } }`);
    expect((await bench.devops('run left')).code).toBe(0);
    const [run] = history('left');
    const folder = join(bench.state, 'jobs', 'left');
    const busy = Array.from({ length: 30 }, (_, index) => ({ ...run!, runId: `busy-${index}`, state: 'busy' }));
    appendFileSync(join(folder, 'history.jsonl'), busy.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const mark = join(folder, 'running', run!.runId);
    writeFileSync(mark, '');
    utimesSync(mark, 1_790_000_000, 1_790_000_000);
    expect(await bench.devops('run left')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(history('left').filter(({ runId }) => runId === run!.runId).length).toBe(1);
  });

  test('does not keep the next one from running when its history cannot be written', async () => {
    bench.config(`jobs: { left: { run: ${shell('touch ran')}, lock: ${lock.name} } }`);
    const folder = join(bench.state, 'jobs', 'left');
    expect((await bench.devops('run left')).code).toBe(0);
    rmSync(path('ran'));
    const mark = join(folder, 'running', '11111111-1111-4111-8111-111111111111');
    writeFileSync(mark, '');
    utimesSync(mark, 1_790_000_000, 1_790_000_000);
    rmSync(path('state', 'jobs', 'left', 'history.jsonl'));
    mkdirSync(join(folder, 'history.jsonl'));
    const { code, stderr } = await bench.devops('run left');
    expect(code).toBe(0);
    expect(existsSync(path('ran'))).toBe(true);
    expect(stderr).toContain('history');
    expect(existsSync(mark)).toBe(true);
  });
});

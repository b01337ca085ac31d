import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitStatusOf } from '../../../src/lib/shell/exit-status.ts';
import { supervise } from '../../../src/lib/shell/supervise.ts';
import type { SuperviseOptions } from '../../../src/lib/shell/supervise.ts';
import type { SupervisedEnd } from '../../../src/lib/shell/supervised-end.ts';

let folder: string;
let output: number;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'supervise-'));
  output = openSync(join(folder, 'output'), 'a');
});

afterAll(() => {
  closeSync(output);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a shell script and tells which of its processes are still there, found by its environment and by its files. */
async function job(script: string, options: Partial<SuperviseOptions> = {}) {
  const tag = randomUUID();
  const pids = join(folder, tag);
  const told: SupervisedEnd = await supervise({
    argv: ['sh', '-c', script],
    env: { PATH: '/usr/bin:/bin', TAG: tag, PIDS: pids },
    stdin: 'ignore',
    output: { kind: 'file', descriptor: output },
    runId: randomUUID(),
    killAfterSeconds: 0.3,
    signal: new AbortController().signal,
    sweep: 'on-cut-off',
    ...options,
  });
  return { ...told, status: exitStatusOf(told), left: tagged(tag), noted: () => readFileSync(pids, 'utf8') };
}

/** Living processes with the tag of one test in their environment: by another way than that of the code. */
function tagged(tag: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`TAG=${tag}`)) return false;
        return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
      } catch {
        return false;
      }
    })
    .map(Number);
}

function endAll(pids: readonly number[]): void {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

const ignoring = `trap '' TERM INT HUP;`;
const stubborn = `sh -c "${ignoring} while :; do sleep 0.05; done"`;
const doubleFork = `(setsid sh -c 'sleep 300 & exit' &) ; sleep 0.05;`;
const closed = `(setsid sh -c 'exec 0<&- 1>&- 2>&-; sleep 300 & exit' &) ; sleep 0.05;`;

describe.concurrent('after the deadline nobody is left', () => {
  test.each<[string, string, number]>([
    ['a job that follows TERM', 'sleep 300', 124],
    ['a job that ignores TERM', `${ignoring} while :; do sleep 0.05; done`, 137],
    ['background children', 'sleep 300 & sleep 300 & sleep 300', 124],
    ['background children that ignore TERM', `${stubborn} & ${stubborn} & sleep 300`, 137],
    ['a child in a session of its own', 'setsid sleep 300 & sleep 300', 124],
    ['a child in a session of its own that ignores TERM', `setsid ${stubborn} & sleep 300`, 137],
    ['a daemon that was forked twice', `${doubleFork} sleep 300`, 124],
    ['a daemon that closed its descriptors', `${closed} sleep 300`, 124],
    ['a stopped job', 'kill -STOP $$', 124],
    [
      'all of it together',
      `${ignoring} ${stubborn} & setsid ${stubborn} & ${doubleFork} ${closed} nohup sleep 300 & while :; do sleep 0.05; done`,
      137,
    ],
  ])('%s', async (_, script, status) => {
    const told = await job(script, { timeoutSeconds: 0.8 });
    endAll(told.left);
    expect(told.left).toEqual([]);
    expect(told).toMatchObject({ end: { kind: 'timed-out' }, status, killed: status === 137, survivors: [] });
    expect(told.durationSeconds).toBeLessThan(5);
  });

  test('who forks for ever, each time in a new session', async () => {
    const runner = join(folder, 'runner');
    writeFileSync(runner, '#!/bin/sh\nsleep 0.02\nsetsid "$0" &\n', { mode: 0o755 });
    const told = await job(`${runner}; sleep 300`, { timeoutSeconds: 0.6 });
    endAll(told.left);
    expect(told.left).toEqual([]);
    expect(told.survivors).toEqual([]);
  });

  test('processes that left the group are counted', async () => {
    const told = await job('setsid sleep 300 & setsid sleep 300 & sleep 300', { timeoutSeconds: 0.6 });
    expect(told.swept).toBe(2);
  });
});

test('an outer run ends what an inner run started, when the inner one is gone', async () => {
  const outer = randomUUID();
  const script = `DEVOPS_OUTER_RUN_IDS="$DEVOPS_RUN_ID" DEVOPS_RUN_ID=${randomUUID()} setsid sleep 300 & sleep 300`;
  const told = await job(script, { timeoutSeconds: 0.6, runId: outer });
  endAll(told.left);
  expect(told.left).toEqual([]);
  expect(told.swept).toBe(1);
});

test('a daemon that left the session and cleared its environment is not found: only its group could tell', async () => {
  const told = await job('env -i setsid sleep 300 & echo $! > "$PIDS"; sleep 300', { timeoutSeconds: 0.6 });
  const pid = Number(told.noted());
  expect(readFileSync(`/proc/${pid}/cmdline`, 'latin1')).toContain('sleep');
  process.kill(pid, 'SIGKILL');
  expect(told.swept).toBe(0);
});

test('a background job in a group of its own is found by its session, though it cleared its environment', async () => {
  const script = 'set -m; env -i sleep 300 & echo $! > "$PIDS"; sleep 300';
  const told = await job('', { argv: ['bash', '-c', script], timeoutSeconds: 0.6 });
  const pid = told.noted().trim();
  expect(Number(pid)).toBeGreaterThan(1);
  const isLeft = existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  if (isLeft) process.kill(Number(pid), 'SIGKILL');
  expect({ isLeft, swept: told.swept }).toEqual({ isLeft: false, swept: 1 });
});

test('who got TERM with its group does not get a second one when the job itself is gone', async () => {
  const child = `trap 'echo TERM >> "$PIDS"; sleep 0.1; echo done >> "$PIDS"; exit' TERM; while :; do sleep 0.01; done`;
  const told = await job(`(${child}) & sleep 300`, { timeoutSeconds: 0.6, killAfterSeconds: 3 });
  expect(told.noted()).toBe('TERM\ndone\n');
  expect(told.killed).toBe(false);
});

describe.concurrent('after a regular end', () => {
  test('leftovers live on by default', async () => {
    const told = await job('setsid sleep 300 & sleep 300 & exit 7');
    expect(told.left.length).toBe(2);
    endAll(told.left);
    expect(told).toMatchObject({ end: { kind: 'exited', code: 7 }, status: 7, swept: 0, killed: false });
  });

  test('with `always` they are ended, and the exit code stays', async () => {
    const told = await job(`setsid sleep 300 & sleep 300 & ${closed} exit 7`, { sweep: 'always' });
    endAll(told.left);
    expect(told.left).toEqual([]);
    expect(told).toMatchObject({ end: { kind: 'exited', code: 7 }, status: 7, swept: 3, killed: false });
  });

  test('an abort while leftovers are ended cuts their time short', async () => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), 400);
    const told = await job(`setsid ${stubborn} & sleep 0.1; exit 7`, {
      sweep: 'always',
      killAfterSeconds: 60,
      signal: abort.signal,
    });
    clearTimeout(timer);
    endAll(told.left);
    expect(told).toMatchObject({ status: 7, left: [], killed: true });
  });

  test('with `never` a deadline ends the group alone', async () => {
    const told = await job('setsid sleep 300 & sleep 300 & sleep 300', { timeoutSeconds: 0.6, sweep: 'never' });
    expect(told.left.length).toBe(1);
    endAll(told.left);
    expect(told).toMatchObject({ status: 124, swept: 0 });
  });
});

describe.concurrent('an abort', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGHUP', 129],
    ['SIGTERM', 143],
  ] as const)('forwards %s and is told with its reason', async (signal, status) => {
    const abort = new AbortController();
    const script = `trap 'echo ${signal} > "$PIDS"; exit 0' ${signal.slice(3)}; while :; do sleep 0.02; done`;
    const timer = setTimeout(() => abort.abort(signal), 300);
    const told = await job(script, { signal: abort.signal, forward: (reason) => reason as NodeJS.Signals });
    clearTimeout(timer);
    expect(told.noted()).toBe(`${signal}\n`);
    expect(told).toMatchObject({ end: { kind: 'aborted', reason: signal, signal }, status, killed: false });
  });

  test('leaves nobody behind who ignores INT, as background jobs of a shell do', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    const told = await job('sleep 300 & setsid sleep 300 & sleep 300', {
      signal: abort.signal,
      forward: () => 'SIGINT',
      killAfterSeconds: 2,
    });
    endAll(told.left);
    expect(told).toMatchObject({ status: 130, left: [], killed: false });
  });

  test('that is urgent kills at once', async () => {
    const urgent = new AbortController();
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 200);
    setTimeout(() => urgent.abort(), 400);
    const told = await job(`${ignoring} while :; do sleep 0.05; done`, {
      signal: abort.signal,
      urgent: urgent.signal,
      killAfterSeconds: 60,
    });
    endAll(told.left);
    expect(told).toMatchObject({ end: { kind: 'aborted' }, status: 143, left: [], killed: true });
    expect(told.durationSeconds).toBeLessThan(3);
  });

  test('before the start starts nothing', async () => {
    const told = await job('echo ran > "$PIDS"', { signal: AbortSignal.abort('early') });
    expect(told).toMatchObject({ end: { kind: 'aborted', reason: 'early' }, status: 143 });
    expect(told.noted).toThrow('ENOENT');
    expect((await job('true', { timeoutSeconds: 0 })).status).toBe(124);
  });
});

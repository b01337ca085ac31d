import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createDeadlines } from '../../../../src/lib/tls/probe/deadline.ts';

const wait = 60;

test('a deadline aborts with the reason as it is when the time is up', async () => {
  let phase = 'connect';
  const { signal } = createDeadlines(new AbortController().signal).start(0.03, () => new Error(`late to ${phase}`));
  phase = 'shake hands';
  expect(signal.aborted).toBe(false);
  await delay(wait);
  expect(signal.reason).toEqual(new Error('late to shake hands'));
});

test('one that was released in time does not', async () => {
  const deadline = createDeadlines(new AbortController().signal).start(0.03, () => new Error('late'));
  deadline.release();
  await delay(wait);
  expect(deadline.signal.aborted).toBe(false);
});

test('the end of the run aborts all that run, with its reason, and none that were released', () => {
  const run = new AbortController();
  const deadlines = createDeadlines(run.signal);
  const [first, second, released] = Array.from({ length: 3 }, () => deadlines.start(60, () => new Error('late')));
  released!.release();
  const reason = new Error('the run ends');
  run.abort(reason);
  expect([first, second, released].map((each) => each!.signal.reason as unknown)).toEqual([reason, reason, undefined]);
  first!.release();
  second!.release();
});

test('what starts after the end of the run has ended already', () => {
  const reason = new Error('the run ends');
  const deadlines = createDeadlines(AbortSignal.abort(reason));
  const run = new AbortController();
  const late = createDeadlines(run.signal);
  run.abort(reason);
  for (const each of [deadlines, late]) {
    const { signal, release } = each.start(60, () => new Error('late'));
    expect(signal.reason).toBe(reason);
    release();
  }
});

test('ten thousand of them are one listener at the run', () => {
  const run = new AbortController();
  const deadlines = createDeadlines(run.signal);
  const started = Array.from({ length: 10_000 }, () => deadlines.start(60, () => new Error('late')));
  expect(getEventListeners(run.signal, 'abort')).toHaveLength(1);
  for (const { release } of started) release();
});

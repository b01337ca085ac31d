import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { pause } from '../../../src/lib/time/pause.ts';

const never = () => new AbortController().signal;

async function secondsOf(wait: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await wait.catch(() => undefined);
  return (performance.now() - started) / 1000;
}

test('it waits as long as it is told to', async () => {
  expect(await secondsOf(pause(0.1, never()))).toBeGreaterThan(0.098);
  expect(await secondsOf(pause(0, never()))).toBeLessThan(0.5);
});

test('an abort ends it at once, with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('Ctrl-C');
  const waiting = pause(60, controller.signal);
  setTimeout(() => controller.abort(reason), 20);
  expect(await secondsOf(waiting)).toBeLessThan(5);
  await expect(waiting).rejects.toBe(reason);
});

test('after an abort it does not begin', async () => {
  const reason = new Error('Ctrl-C');
  await expect(pause(60, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('no listener is left behind on the signal, which may outlive a thousand pauses', async () => {
  const signal = never();
  await pause(0.001, signal);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a month is no reason to come back at once, although setTimeout knows no more than 24.8 days', async () => {
  const controller = new AbortController();
  const waiting = pause(30 * 86_400, controller.signal);
  expect(await Promise.race([waiting, pause(0.1, never()).then(() => 'still waiting')])).toBe('still waiting');
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

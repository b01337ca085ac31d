import { expect, test } from 'vitest';
import { startClock } from '../support/aws-twin/clock.ts';

const signal = new AbortController().signal;

test('stands still until it is advanced, and does what falls due at its own moment', () => {
  const clock = startClock();
  const seen: string[] = [];
  const note = (name: string) => () => void seen.push(`${name} ${clock.monotonic()}`);
  clock.after(30, note('late'));
  clock.after(10, () => {
    note('early')();
    clock.after(5, note('inner'));
  });
  expect(clock.now().toISOString()).toBe('2026-11-20T18:00:00.000Z');
  clock.advance(60);
  expect(seen).toEqual(['early 10', 'inner 15', 'late 30']);
  expect(clock.now().toISOString()).toBe('2026-11-20T18:01:00.000Z');
  expect(() => clock.advance(-1)).toThrow('cannot be advanced');
});

test('a pause jumps to its end, and several at once end in the order of their ends', async () => {
  const clock = startClock();
  const seen: string[] = [];
  const pause = (seconds: number) =>
    clock.pause(seconds, signal).then(() => void seen.push(`${seconds} at ${clock.monotonic()}`));
  const began = performance.now();
  await Promise.all([pause(300), pause(5), pause(5), pause(60)]);
  expect(seen).toEqual(['5 at 5', '5 at 5', '60 at 60', '300 at 300']);
  expect(performance.now() - began).toBeLessThan(1000);
});

test('a pause ends with the reason of its signal, before and during it, and moves nothing', async () => {
  const clock = startClock();
  const controller = new AbortController();
  const pausing = clock.pause(10, controller.signal);
  controller.abort(new Error('enough'));
  await expect(pausing).rejects.toThrow('enough');
  await expect(clock.pause(10, controller.signal)).rejects.toThrow('enough');
  await new Promise(setImmediate);
  expect(clock.monotonic()).toBe(0);
});

test('runs with the real clock times a factor for real processes', async () => {
  const clock = startClock({ speed: 1000, start: new Date(0) });
  const began = performance.now();
  let done = false;
  clock.after(5, () => void (done = true));
  await clock.pause(10, signal);
  expect(done).toBe(true);
  expect(performance.now() - began).toBeGreaterThan(8);
  expect(clock.monotonic()).toBeGreaterThanOrEqual(9);
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(9000);
});

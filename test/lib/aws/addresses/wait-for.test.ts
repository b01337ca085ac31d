import { expect, test } from 'vitest';
import { waitFor } from '../../../../src/lib/aws/addresses/wait-for.ts';

function clock(lookSeconds = 0) {
  let now = 100;
  const looks: number[] = [];
  return {
    looks,
    look() {
      looks.push(now - 100);
      now += lookSeconds;
      return Promise.resolve(looks.length);
    },
    waiting: (seconds: number) => ({
      seconds,
      monotonic: () => now,
      pause(length: number) {
        now += length;
        return Promise.resolve();
      },
      signal: new AbortController().signal,
    }),
  };
}

test('it looks after 5 s, then less often, and last when the time is over', async () => {
  const { look, looks, waiting } = clock();
  expect(await waitFor(look, () => false, waiting(60))).toBe(7);
  expect(looks).toEqual([0, 5, 12.5, 23.75, 38.75, 53.75, 60]);
});

test('it ends with the first look that is enough', async () => {
  const { look, looks, waiting } = clock();
  expect(await waitFor(look, (seen) => seen === 2, waiting(60))).toBe(2);
  expect(looks).toEqual([0, 5]);
});

test('with no time at all it looks once', async () => {
  const { look, looks, waiting } = clock();
  await waitFor(look, () => false, waiting(0));
  expect(looks).toEqual([0]);
});

test('looks that take long do not make it wait longer', async () => {
  const { look, looks, waiting } = clock(30);
  await waitFor(look, () => false, waiting(60));
  expect(looks).toEqual([0, 35]);
});

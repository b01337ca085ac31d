import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createGate } from '../../../src/lib/concurrency/gate.ts';

test('those who wait are let in in the order in which they came', async () => {
  const gate = createGate(1);
  const order: number[] = [];
  const all = [1, 2, 3, 4].map((number) =>
    gate(async () => {
      order.push(number);
      await turn();
    }),
  );
  expect(order).toEqual([1]);
  await Promise.all(all);
  expect(order).toEqual([1, 2, 3, 4]);
});

test('what runs inside is what comes out', async () => {
  const gate = createGate(2);
  expect(await gate(async () => 'a value')).toBe('a value');
  await expect(gate(() => Promise.reject(new Error('a failure')))).rejects.toThrow('a failure');
});

test('a failure, thrown or rejected, makes room for the next', async () => {
  const gate = createGate(1);
  const failures = [
    gate(() => Promise.reject(new Error('rejected'))),
    gate(() => {
      throw new Error('thrown');
    }),
  ];
  const after = gate(async () => 'still open');
  expect((await Promise.allSettled(failures)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await after).toBe('still open');
  expect(await gate(async () => 'and again')).toBe('and again');
});

test('somebody new does not slip in between the one who leaves and the one who waits', async () => {
  const gate = createGate(1);
  let inside = 0;
  let most = 0;
  const run = async () => {
    most = Math.max(most, ++inside);
    await turn();
    inside--;
  };
  const first = gate(run);
  const second = gate(run);
  // Here the first has just left, and the second has not begun yet.
  const third = first.then(() => gate(run));
  await Promise.all([second, third]);
  expect(most).toBe(1);
});

test('never more than the limit is inside, and all of it is used', async () => {
  const gate = createGate(5);
  let inside = 0;
  let most = 0;
  const run = async (turns: number) => {
    most = Math.max(most, ++inside);
    for (let left = turns; left > 0; left--) await turn();
    inside--;
    if (turns === 3) throw new Error('some fail');
  };
  for (let round = 0; round < 2; round++) {
    most = 0;
    await Promise.allSettled(Array.from({ length: 200 }, (_, index) => gate(() => run(index % 4))));
    expect({ inside, most }).toEqual({ inside: 0, most: 5 });
  }
});

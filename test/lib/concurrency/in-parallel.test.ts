import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inParallel } from '../../../src/lib/concurrency/in-parallel.ts';

/** Work that is done when it is told, so that no test depends on how long anything takes. */
function controlledWork() {
  const started: number[] = [];
  const pending = new Map<number, PromiseWithResolvers<string>>();
  return {
    started,
    work(item: number): Promise<string> {
      started.push(item);
      const done = Promise.withResolvers<string>();
      pending.set(item, done);
      return done.promise;
    },
    async finish(item: number): Promise<void> {
      pending.get(item)!.resolve(`result ${item}`);
      await turn();
    },
    async fail(item: number, error: Error): Promise<void> {
      pending.get(item)!.reject(error);
      await turn();
    },
  };
}

/** A source that notes what is asked of it. */
function watchedSource(count: number) {
  const asked = { items: 0, returned: 0 };
  const source = {
    [Symbol.iterator]: () => ({
      next: () => {
        if (asked.items === count) return { done: true as const, value: undefined };
        return { done: false as const, value: ++asked.items };
      },
      return: () => {
        asked.returned++;
        return { done: true as const, value: undefined };
      },
    }),
  };
  return { asked, source: source as Iterable<number> };
}

test('results come in the order in which they are there', async () => {
  const { work, finish } = controlledWork();
  const results = inParallel([1, 2, 3], 3, work);
  const first = results.next();
  await turn();
  await finish(3);
  expect(await first).toEqual({ done: false, value: 'result 3' });
  await finish(1);
  await finish(2);
  expect(await results.next()).toEqual({ done: false, value: 'result 1' });
  expect(await results.next()).toEqual({ done: false, value: 'result 2' });
  expect(await results.next()).toEqual({ done: true, value: undefined });
});

test('never more than the limit runs at once, and never less while there is work', async () => {
  const { work, started, finish } = controlledWork();
  const results = inParallel([1, 2, 3, 4, 5], 2, work);
  let next = results.next();
  await turn();
  expect(started).toEqual([1, 2]);
  await finish(2);
  await next;
  next = results.next();
  await turn();
  expect(started).toEqual([1, 2, 3]);
  await finish(1);
  await next;
  next = results.next();
  await turn();
  expect(started).toEqual([1, 2, 3, 4]);
  await finish(3);
  await finish(4);
  await next;
  await results.return();
});

test('every item is worked on exactly once, whatever the limit and however long each takes', async () => {
  const items = Array.from({ length: 500 }, (_, index) => index);
  for (const limit of [1, 7, 500, 10_000]) {
    let running = 0;
    let most = 0;
    const results: number[] = [];
    const work = async (item: number): Promise<number> => {
      most = Math.max(most, ++running);
      for (let turns = (item * 7) % 5; turns >= 0; turns--) await turn();
      running--;
      return item;
    };
    for await (const result of inParallel(items, limit, work)) results.push(result);
    expect(results.toSorted((a, b) => a - b)).toEqual(items);
    expect(most).toBe(Math.min(limit, items.length));
  }
});

test('a consumer that takes its time holds up the source: no more than the limit is ahead of it', async () => {
  const { source, asked } = watchedSource(100);
  let taken = 0;
  for await (const _ of inParallel(source, 4, async (item) => item)) {
    taken++;
    await turn();
    await turn();
    expect(asked.items - taken).toBeLessThanOrEqual(4);
  }
  expect(taken).toBe(100);
});

test('the first failure ends it, and nothing new is started', async () => {
  const { work, started, finish, fail } = controlledWork();
  const { source, asked } = watchedSource(100);
  const results = inParallel(source, 3, work);
  const next = results.next();
  next.catch(() => undefined);
  await turn();
  await fail(2, new Error('the second is bad'));
  await expect(next).rejects.toThrow('the second is bad');
  expect(started).toEqual([1, 2, 3]);
  expect(asked).toEqual({ items: 3, returned: 1 });
  expect(await results.next()).toEqual({ done: true, value: undefined });
  // What still runs may fail as well: vitest fails the run for a rejection that nobody handles.
  await fail(1, new Error('too late'));
  await finish(3);
});

test('work that throws at once ends it like work that fails later', async () => {
  const { source, asked } = watchedSource(3);
  const results = inParallel(source, 3, () => {
    throw new Error('not even started');
  });
  await expect(results.next()).rejects.toThrow('not even started');
  expect(asked.returned).toBe(1);
});

test('a source that fails ends it with its own error', async () => {
  async function* source() {
    yield 1;
    throw new Error('the list breaks off');
  }
  const { work, finish } = controlledWork();
  const results = inParallel(source(), 3, work);
  await expect(results.next()).rejects.toThrow('the list breaks off');
  await finish(1);
  expect(await results.next()).toEqual({ done: true, value: undefined });
});

test('a consumer that leaves early closes the source', async () => {
  const { work, finish, fail } = controlledWork();
  const { source, asked } = watchedSource(100);
  const results = inParallel(source, 3, work);
  const next = results.next();
  await turn();
  await finish(1);
  await next;
  expect(await results.return()).toEqual({ done: true, value: undefined });
  expect(asked).toEqual({ items: 3, returned: 1 });
  await fail(2, new Error('nobody waits for this'));
  await finish(3);
});

test('a slow source does not hold up results that are there', async () => {
  const more = Promise.withResolvers<void>();
  async function* source() {
    yield 1;
    await more.promise;
    yield 2;
  }
  const results = inParallel(source(), 3, async (item) => item);
  expect(await results.next()).toEqual({ done: false, value: 1 });
  more.resolve();
  expect(await results.next()).toEqual({ done: false, value: 2 });
  expect(await results.next()).toEqual({ done: true, value: undefined });
});

test.each([
  ['list', []],
  ['generator', (function* (): Generator<number> {})()],
  ['stream', (async function* (): AsyncGenerator<number> {})()],
])('of an empty %s nothing comes', async (_, source) => {
  const results = inParallel<number, number>(source, 3, async (item) => item);
  expect(await results.next()).toEqual({ done: true, value: undefined });
});

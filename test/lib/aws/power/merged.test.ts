import { expect, test } from 'vitest';
import { merged } from '../../../../src/lib/aws/power/merged.ts';

async function* source(name: string, count: number, log: string[] = [], failAt = -1): AsyncGenerator<string> {
  try {
    for (let at = 0; at < count; at++) {
      await Promise.resolve();
      if (at === failAt) throw new Error(`${name} failed`);
      log.push(name);
      yield `${name}${at}`;
    }
  } finally {
    log.push(`${name} ended`);
  }
}

async function collect(items: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('yields everything of all, each in its own order', async () => {
  const all = await collect(merged([source('a', 3), source('b', 0), source('c', 2)], 2));
  expect(all.toSorted()).toEqual(['a0', 'a1', 'a2', 'c0', 'c1']);
  expect(all.filter((item) => item.startsWith('a'))).toEqual(['a0', 'a1', 'a2']);
});

test('no more than the limit are at work at once', async () => {
  const log: string[] = [];
  await collect(merged([source('a', 2, log), source('b', 2, log), source('c', 2, log)], 1));
  expect(log).toEqual(['a', 'a', 'a ended', 'b', 'b', 'b ended', 'c', 'c', 'c ended']);
});

test('a failure ends the others in order', async () => {
  const log: string[] = [];
  await expect(collect(merged([source('a', 1000, log), source('b', 5, log, 2)], 4))).rejects.toThrow('b failed');
  expect(log).toContain('a ended');
});

test('whoever stops listening ends all of them', async () => {
  const log: string[] = [];
  for await (const item of merged([source('a', 9, log), source('b', 9, log)], 4)) {
    if (item === 'b0') break;
  }
  expect(log.slice(-2).toSorted()).toEqual(['a ended', 'b ended']);
});

import { appendFileSync, closeSync, copyFileSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createScene, patient, truncated } from './scene.ts';

const scene = createScene();

test('copytruncate', async () => {
  writeFileSync(scene.path, 'old\n');
  const { text, notes, deliveries } = await scene.follow();
  appendFileSync(scene.path, 'one\n');
  await expect.poll(text, patient).toBe('one\n');
  copyFileSync(scene.path, `${scene.path}.1`);
  truncateSync(scene.path);
  appendFileSync(scene.path, 'two\n');
  await expect.poll(text, patient).toBe('one\ntwo\n');
  expect(notes).toEqual([truncated]);
  expect(deliveries.map(({ isNewFile }) => isNewFile)).toEqual([false, true]);
});

test('what had no line feed before it comes as it is', async () => {
  writeFileSync(scene.path, '');
  const { text, deliveries } = await scene.follow();
  appendFileSync(scene.path, 'one\nhalf');
  await expect.poll(text, patient).toBe('one\n');
  truncateSync(scene.path);
  await expect.poll(text, patient).toBe('one\nhalf');
  appendFileSync(scene.path, 'two\n');
  await expect.poll(text, patient).toBe('one\nhalftwo\n');
  expect(text()).toBe('one\nhalftwo\n');
  expect(deliveries.map(({ isNewFile, endsLine }) => [isNewFile, endsLine])).toEqual([
    [false, true],
    [false, false],
    [true, true],
  ]);
});

test('and grown beyond the old place between two looks', async () => {
  writeFileSync(scene.path, '');
  const { text, notes } = await scene.follow();
  appendFileSync(scene.path, 'one\n');
  await expect.poll(text, patient).toBe('one\n');
  writeFileSync(scene.path, 'something else\nand more\n');
  await expect.poll(text, patient).toBe('one\nsomething else\nand more\n');
  expect(notes).toEqual([truncated]);
});

test('and grown to the same length', async () => {
  writeFileSync(scene.path, 'header\n');
  const { text } = await scene.follow(0);
  await expect.poll(text, patient).toBe('header\n');
  await sleep(20);
  writeFileSync(scene.path, 'reader\n');
  await expect.poll(text, patient).toBe('header\nreader\n');
});

test('and grown with the same lines before the old place, but another first one', async () => {
  const same = 'the same\n'.repeat(100);
  writeFileSync(scene.path, `1\n${same}`);
  const { text } = await scene.follow(0);
  await expect.poll(text, patient).toBe(`1\n${same}`);
  writeFileSync(scene.path, `2\n${same}end\n`);
  await expect.poll(text, patient).toBe(`1\n${same}2\n${same}end\n`);
});

test('the hole before a writer that kept its position is left out', async () => {
  writeFileSync(scene.path, '');
  const writer = openSync(scene.path, 'w');
  try {
    const { text } = await scene.follow();
    writeSync(writer, 'one\n'.repeat(100));
    await expect.poll(text, patient).toBe('one\n'.repeat(100));
    truncateSync(scene.path);
    writeSync(writer, 'two\n');
    await expect.poll(text, patient).toBe(`${'one\n'.repeat(100)}two\n`);
  } finally {
    closeSync(writer);
  }
});

test('a file that is shorter than the place to begin at is read from its start', async () => {
  writeFileSync(scene.path, 'one\n');
  const { text, notes } = await scene.follow(100);
  await expect.poll(text, patient).toBe('one\n');
  expect(notes).toEqual([truncated]);
});

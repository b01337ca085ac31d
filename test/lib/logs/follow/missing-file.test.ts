import { appendFileSync, mkdirSync, renameSync, rmdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createScene, patient, gone, back } from './scene.ts';

const scene = createScene();

test('is waited for and read whole', async () => {
  const { text, deliveries, notes, until } = await scene.follow();
  await sleep(50);
  writeFileSync(scene.path, 'first\n');
  await expect.poll(text, patient).toBe('first\n');
  expect(deliveries[0]!.isNewFile).toBe(false);
  await until('notes', () => notes.length === 2);
  expect(notes).toEqual(['app.log: does not exist yet, waits for it', 'app.log: is there now']);
});

test('is waited for when its folder is missing or a folder has its name', async () => {
  rmdirSync(scene.folder);
  const { text, notes, until } = await scene.follow();
  mkdirSync(scene.path, { recursive: true });
  await until('a note', () => notes.includes('app.log: is a folder, waits for a file'));
  rmdirSync(scene.path);
  writeFileSync(scene.path, 'first\n');
  await expect.poll(text, patient).toBe('first\n');
});

test('one that was deleted is waited for; the next one is read whole', async () => {
  writeFileSync(scene.path, 'old\n');
  const { text, notes, deliveries, until } = await scene.follow();
  appendFileSync(scene.path, 'one\nunfinished');
  unlinkSync(scene.path);
  await until('a note', () => notes.length === 1);
  await expect.poll(text, patient).toBe('one\n');
  writeFileSync(scene.path, 'two\n');
  await expect.poll(text, patient).toBe('one\nunfinishedtwo\n');
  expect(notes).toEqual([gone, back]);
  expect(deliveries.map((delivery) => [delivery.text, delivery.isNewFile, delivery.endsLine])).toEqual([
    ['one\n', false, true],
    ['unfinished', false, false],
    ['two\n', true, true],
  ]);
});

test('one that is moved away and back is not read again', async () => {
  writeFileSync(scene.path, 'old\n');
  const { text, notes, until } = await scene.follow();
  renameSync(scene.path, join(scene.folder, 'aside'));
  await until('a note', () => notes.length === 1);
  renameSync(join(scene.folder, 'aside'), scene.path);
  appendFileSync(scene.path, 'one\n');
  await expect.poll(text, patient).toBe('one\n');
  expect(notes).toEqual([gone, back]);
});

test('one that leads in a circle is told once and tried again', async () => {
  symlinkSync('app.log', scene.path);
  const { text, notes } = await scene.follow();
  await sleep(80);
  expect(notes).toEqual(['app.log: cannot be read: too many symbolic links encountered, tries again']);
  unlinkSync(scene.path);
  writeFileSync(scene.path, 'one\n');
  await expect.poll(text, patient).toBe('one\n');
  expect(notes.slice(1)).toEqual(['app.log: can be read again']);
});

import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createScene, openFiles, patient, rotated } from './scene.ts';

const scene = createScene();

test('by rename and create: all of the old file, then all of the new one', async () => {
  writeFileSync(scene.path, 'old\n');
  const { text, notes, deliveries } = await scene.follow();
  appendFileSync(scene.path, 'one\n');
  renameSync(scene.path, `${scene.path}.1`);
  writeFileSync(scene.path, 'two\n');
  await expect.poll(text, patient).toBe('one\ntwo\n');
  expect(notes).toEqual([rotated]);
  expect(deliveries.map(({ isNewFile }) => isNewFile)).toEqual([false, true]);
});

test('while the writer goes on with the old file: its lines come before those of the new one', async () => {
  writeFileSync(scene.path, '');
  const { text } = await scene.follow();
  const writer = openSync(scene.path, 'a');
  try {
    writeSync(writer, 'one\n');
    renameSync(scene.path, `${scene.path}.1`);
    writeFileSync(scene.path, '');
    await sleep(150);
    writeSync(writer, 'two\nthr');
    await sleep(30);
    appendFileSync(scene.path, 'four\n');
    await sleep(20);
    writeSync(writer, 'ee\n');
    await expect.poll(text, patient).toBe('one\ntwo\nthree\nfour\n');
  } finally {
    closeSync(writer);
  }
});

test('a writer that comes late to the new file loses nothing', async () => {
  writeFileSync(scene.path, '');
  const { text, deliveries } = await scene.follow();
  const writer = openSync(scene.path, 'a');
  try {
    writeSync(writer, 'one\n');
    renameSync(scene.path, `${scene.path}.1`);
    writeFileSync(scene.path, 'two\n');
    await expect.poll(text, patient).toBe('one\ntwo\n');
    writeSync(writer, 'late\n');
    await expect.poll(text, patient).toBe('one\ntwo\nlate\n');
    appendFileSync(scene.path, 'three\n');
    await expect.poll(text, patient).toBe('one\ntwo\nlate\nthree\n');
  } finally {
    closeSync(writer);
  }
  expect(deliveries.map(({ isNewFile }) => isNewFile)).toEqual([false, true, true, true]);
});

test('a writer that never changes to the new file does not hold up the new one', async () => {
  writeFileSync(scene.path, '');
  const { text, until } = await scene.follow();
  const writer = openSync(scene.path, 'a');
  try {
    renameSync(scene.path, `${scene.path}.1`);
    writeFileSync(scene.path, 'new\n');
    let written = 0;
    await until('the new file', () => {
      writeSync(writer, `${++written}\n`);
      return text().includes('new\n');
    });
    await until('the last line', () => text().includes(`\n${written}\n`));
    const numbers = text()
      .split('\n')
      .filter((line) => line !== 'new' && line !== '');
    expect(numbers).toEqual(Array.from({ length: written }, (_, index) => String(index + 1)));
  } finally {
    closeSync(writer);
  }
});

test('the last line of the old file comes as it is', async () => {
  writeFileSync(scene.path, '');
  const { text, deliveries } = await scene.follow();
  appendFileSync(scene.path, 'one\nend');
  renameSync(scene.path, `${scene.path}.1`);
  writeFileSync(scene.path, 'two\n');
  await expect.poll(text, patient).toBe('one\nendtwo\n');
  expect(deliveries.map(({ endsLine }) => endsLine)).toEqual([true, false, true]);
});

test('a file of one byte that may begin a magic number comes, too', async () => {
  writeFileSync(scene.path, '');
  const { text } = await scene.follow();
  appendFileSync(scene.path, 'B');
  await sleep(50);
  expect(text()).toBe('');
  renameSync(scene.path, `${scene.path}.1`);
  writeFileSync(scene.path, 'two\n');
  await expect.poll(text, patient).toBe('Btwo\n');
});

test('with gzip at once', async () => {
  writeFileSync(scene.path, '');
  const { text } = await scene.follow();
  appendFileSync(scene.path, 'one\n');
  renameSync(scene.path, `${scene.path}.1`);
  writeFileSync(`${scene.path}.1.gz`, gzipSync(readFileSync(`${scene.path}.1`)));
  unlinkSync(`${scene.path}.1`);
  writeFileSync(scene.path, 'two\n');
  await expect.poll(text, patient).toBe('one\ntwo\n');
});

test('twice between two looks: the file between is read as well', async () => {
  writeFileSync(scene.path, '');
  const { text } = await scene.follow();
  await sleep(150);
  appendFileSync(scene.path, 'one\n');
  for (const line of ['two\n', 'three\n', 'four\n']) {
    for (const number of [2, 1]) {
      const name = `${scene.path}.${number}`;
      if (readdirSync(scene.folder).includes(`app.log.${number}`)) renameSync(name, `${scene.path}.${number + 1}`);
    }
    renameSync(scene.path, `${scene.path}.1`);
    writeFileSync(scene.path, line);
  }
  await expect.poll(text, patient).toBe('one\ntwo\nthree\nfour\n');
});

test('what was rotated before is not taken for new', async () => {
  writeFileSync(`${scene.path}.2`, 'ancient\n');
  writeFileSync(`${scene.path}.1`, 'older\n');
  writeFileSync(scene.path, 'old\n');
  await sleep(150);
  const { text } = await scene.follow();
  await sleep(150);
  renameSync(`${scene.path}.1`, `${scene.path}.3`);
  renameSync(scene.path, `${scene.path}.1`);
  writeFileSync(scene.path, 'new\n');
  await expect.poll(text, patient).toBe('new\n');
});

test('nor is a copy that somebody made before', async () => {
  writeFileSync(scene.path, 'old\n');
  utimesSync(scene.path, 1_700_000_000, 1_700_000_000);
  writeFileSync(`${scene.path}-20261120`, 'copy\n');
  await sleep(150);
  const { text } = await scene.follow();
  renameSync(scene.path, `${scene.path}.1`);
  writeFileSync(scene.path, 'new\n');
  await expect.poll(text, patient).toBe('new\n');
});

test('twice between two looks and compressed: says what is left out', async () => {
  writeFileSync(scene.path, '');
  const { text, notes } = await scene.follow();
  await sleep(150);
  appendFileSync(scene.path, 'one\n');
  renameSync(scene.path, `${scene.path}.2`);
  writeFileSync(`${scene.path}.1.gz`, gzipSync('two\n'));
  writeFileSync(scene.path, 'three\n');
  await expect.poll(text, patient).toBe('one\nthree\n');
  expect(notes).toEqual(['app.log: was rotated more than once between two looks, leaves out app.log.1.gz', rotated]);
});

test('old files are closed in the end, and read on when a link means them again', async () => {
  const [first, second] = [join(scene.folder, 'first'), join(scene.folder, 'second')];
  writeFileSync(first, '');
  writeFileSync(second, 'two\n');
  symlinkSync('first', scene.path);
  const { text, until } = await scene.follow();
  appendFileSync(first, 'one\n');
  switchLink('second');
  await expect.poll(text, patient).toBe('one\ntwo\n');
  await until('closing', () => openFiles().every((name) => name !== first));
  appendFileSync(first, 'three\n');
  switchLink('first');
  await expect.poll(text, patient).toBe('one\ntwo\nthree\n');
  appendFileSync(first, 'four\n');
  await expect.poll(text, patient).toBe('one\ntwo\nthree\nfour\n');
});

test('a link that is switched back at once goes on where it was', async () => {
  const [first, second] = [join(scene.folder, 'first'), join(scene.folder, 'second')];
  writeFileSync(first, 'old\n');
  writeFileSync(second, '');
  symlinkSync('first', scene.path);
  const { text, notes, until } = await scene.follow();
  switchLink('second');
  await until('a note', () => notes.length === 1);
  switchLink('first');
  appendFileSync(first, 'one\n');
  await expect.poll(text, patient).toBe('one\n');
  expect(notes).toEqual([rotated, rotated]);
  await sleep(150);
  expect(text()).toBe('one\n');
});

function switchLink(target: string): void {
  symlinkSync(target, join(scene.folder, 'link'));
  renameSync(join(scene.folder, 'link'), scene.path);
}

import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { followLogs } from '../../../../src/lib/logs/follow/follow-logs.ts';
import { createScene, openFiles, patient } from './scene.ts';

const scene = createScene();

describe('one file', () => {
  test('gives what is written after it began, not what was there', async () => {
    writeFileSync(scene.path, 'old\n');
    const { text, notes } = await scene.follow();
    appendFileSync(scene.path, 'one\ntwo\n');
    await expect.poll(text, patient).toBe('one\ntwo\n');
    appendFileSync(scene.path, 'three\n');
    await expect.poll(text, patient).toBe('one\ntwo\nthree\n');
    expect(notes).toEqual([]);
  });

  test('begins at the byte that it was told', async () => {
    writeFileSync(scene.path, 'old\nnew\n');
    const { text, deliveries } = await scene.follow(4);
    await expect.poll(text, patient).toBe('new\n');
    expect(deliveries[0]!.isNewFile).toBe(false);
  });

  test('a line comes when it is whole, also one that had begun before', async () => {
    writeFileSync(scene.path, 'old\nhalf');
    const { text } = await scene.follow();
    appendFileSync(scene.path, ' of it');
    await sleep(50);
    expect(text()).toBe('');
    appendFileSync(scene.path, '\nand');
    await expect.poll(text, patient).toBe('half of it\n');
    appendFileSync(scene.path, ' more\n');
    await expect.poll(text, patient).toBe('half of it\nand more\n');
  });

  test('a line that is too long comes in pieces', async () => {
    writeFileSync(scene.path, '');
    const { text, deliveries, until } = await scene.follow(0, { longestLine: 10 });
    appendFileSync(scene.path, 'x'.repeat(25));
    await until('two pieces', () => deliveries.length === 2);
    appendFileSync(scene.path, 'y\n');
    await expect.poll(text, patient).toBe(`${'x'.repeat(25)}y\n`);
    expect(deliveries.map(({ endsLine }) => endsLine)).toEqual([false, false, true]);
    expect(deliveries.map(({ isNewFile }) => isNewFile)).toEqual([false, false, false]);
  });

  test('megabytes that are written at once come whole', async () => {
    writeFileSync(scene.path, '');
    const { text } = await scene.follow(0);
    const lines = Array.from({ length: 50_000 }, (_, index) => `${index} ${'z'.repeat(index % 200)}\n`).join('');
    appendFileSync(scene.path, lines);
    await expect.poll(text, patient).toBe(lines);
  });

  test('UTF-16 with a byte order mark comes as UTF-8, also when it is followed from its end', async () => {
    writeFileSync(scene.path, Buffer.from('\ufeffold\n', 'utf16le'));
    const { text } = await scene.follow();
    const bytes = Buffer.from('größer 🎉\nnext\n', 'utf16le');
    appendFileSync(scene.path, bytes.subarray(0, 15));
    await sleep(30);
    appendFileSync(scene.path, bytes.subarray(15));
    await expect.poll(text, patient).toBe('größer 🎉\nnext\n');
  });

  test('the byte order mark of UTF-8 is left out', async () => {
    writeFileSync(scene.path, '');
    const { text } = await scene.follow();
    appendFileSync(scene.path, '\ufeffone\n');
    await expect.poll(text, patient).toBe('one\n');
  });

  test('a compressed one is left out when it is followed from its end, too', async () => {
    writeFileSync(scene.path, gzipSync('one\n'));
    const { notes } = await scene.follow();
    await expect.poll(() => notes, patient).toEqual(['app.log: is compressed, is left out']);
  });

  test('a compressed one is left out, and what comes in its place is read', async () => {
    writeFileSync(scene.path, gzipSync('one\n'));
    const { text, notes, until } = await scene.follow(0);
    await until('a note', () => notes.length > 0);
    appendFileSync(scene.path, gzipSync('two\n'));
    await sleep(50);
    expect(text()).toBe('');
    expect(notes).toEqual(['app.log: is compressed, is left out']);
    renameSync(scene.path, join(scene.folder, 'app.log.1'));
    writeFileSync(scene.path, 'plain\n');
    await expect.poll(text, patient).toBe('plain\n');
  });
});

describe('many files', () => {
  test('one that is flooded does not hold up the other', async () => {
    const other = join(scene.folder, 'other.log');
    writeFileSync(scene.path, `${'x'.repeat(99)}\n`.repeat(100_000));
    writeFileSync(other, 'one\n');
    const { until, textOf, deliveries } = await scene.followAll([
      { name: 'flood', path: scene.path, start: 0 },
      { name: 'other', path: other, start: 0 },
    ]);
    await until('all', () => textOf('flood').length === 10_000_000);
    expect(deliveries.findIndex(({ name }) => name === 'other')).toBeLessThan(3);
  });

  test('500 that are quiet take a small part of a core', async () => {
    const logs = Array.from({ length: 500 }, (_, index) => ({
      name: String(index),
      path: join(scene.folder, `${index}.log`),
    }));
    for (const log of logs) writeFileSync(log.path, 'old\n');
    const { text } = await scene.followAll(logs, { pollSeconds: 0.1 });
    await sleep(300);
    // The bar is 3 % of a core at 0.25 s; three looks may then take 23 ms. The best of several, for a busy machine makes
    // each of them dearer.
    const seconds: number[] = [];
    while (seconds.length < 8 && !seconds.some((each) => each < 0.023)) seconds.push(await secondsOfThread(300));
    expect(Math.min(...seconds)).toBeLessThan(0.023);
    appendFileSync(logs[499]!.path, 'new\n');
    await expect.poll(text, patient).toBe('new\n');
  });
});

/** Processor time of this thread, for other tests run in other ones. */
async function secondsOfThread(milliseconds: number): Promise<number> {
  const before = process.threadCpuUsage();
  await sleep(milliseconds);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1e6;
}

describe('its end', () => {
  test('an abort ends the wait at once with its reason and closes all files', async () => {
    writeFileSync(scene.path, 'one\n');
    const ending = new AbortController();
    const options = { signal: ending.signal, pollSeconds: 60, onNote: () => {} };
    const lines = followLogs([{ name: 'app.log', path: scene.path, start: 0 }], options);
    expect((await lines.next()).value.bytes.toString()).toBe('one\n');
    const next = lines.next();
    await sleep(20);
    expect(openFiles()).toContain(scene.path);
    const reason = new Error('enough');
    ending.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(openFiles()).not.toContain(scene.path);
  });

  test('an early return closes all files', async () => {
    writeFileSync(scene.path, 'one\n');
    const options = { signal: new AbortController().signal, onNote: () => {} };
    const lines = followLogs([{ name: 'app.log', path: scene.path, start: 0 }], options);
    await lines.next();
    await lines.return(undefined as never);
    expect(openFiles()).not.toContain(scene.path);
  });

  test('an abort while there is much to read ends it at the next piece', async () => {
    writeFileSync(scene.path, 'x\n'.repeat(1_000_000));
    const ending = new AbortController();
    const options = { signal: ending.signal, onNote: () => {} };
    const lines = followLogs([{ name: 'app.log', path: scene.path, start: 0 }], options);
    await lines.next();
    ending.abort(new Error('enough'));
    await expect(lines.next()).rejects.toThrow('enough');
    expect(openFiles()).not.toContain(scene.path);
  });
});

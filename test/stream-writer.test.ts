import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { streamWriter } from '../src/stream-writer.ts';

const same = (error: unknown) => error;

/** A stream whose every write waits until `next` is called. */
function steppedStream() {
  const done: ((error?: Error) => void)[] = [];
  const stream = new Writable({ highWaterMark: 10, write: (_chunk, _encoding, callback) => void done.push(callback) });
  return { stream, next: (error?: Error) => done.shift()?.(error) };
}

/** Whether the promise is settled after all that is under way has happened. */
async function settles(promise: Promise<void> | undefined): Promise<boolean> {
  const turn = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 20));
  return Promise.race([Promise.resolve(promise).then(() => true), turn]);
}

test('the stream is opened at the first write, and not to flush nothing', async () => {
  let opened = 0;
  const { stream } = steppedStream();
  const output = streamWriter(() => {
    opened++;
    return stream;
  }, same);
  await output.flush();
  expect(opened).toBe(0);
  void output.write('x');
  void output.write('y');
  expect(opened).toBe(1);
});

test('a write waits only when there is no room, and flush until all is handed over', async () => {
  const { stream, next } = steppedStream();
  const output = streamWriter(() => stream, same);
  expect(output.write('short')).toBeUndefined();
  const flush = output.flush();
  expect(await settles(flush)).toBe(false);
  const full = output.write('more than ten characters');
  expect(await settles(full)).toBe(false);
  next();
  expect(await settles(full)).toBe(false);
  next();
  expect(await settles(full)).toBe(true);
  expect(await settles(flush)).toBe(true);
});

test('a failed write rejects whatever waits and whatever follows, with the failure in our words', async () => {
  const { stream, next } = steppedStream();
  const output = streamWriter(
    () => stream,
    (error) => new Error('renamed', { cause: error }),
  );
  expect(output.write('short')).toBeUndefined();
  const flush = output.flush();
  next(new Error('broken'));
  await expect(flush).rejects.toThrow('renamed');
  await expect(output.write('x')).rejects.toMatchObject({ cause: { message: 'broken' } });
  await expect(output.flush()).rejects.toThrow('renamed');
});

import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { readBounded } from '../../../src/lib/files/read-bounded.ts';

let folder: string;
const never = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-read-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('all bytes of a file are there, and the file is closed', async () => {
  const bytes = Buffer.alloc(300_000, 'abc\0ü');
  writeFileSync(join(folder, 'file'), bytes);
  const stream = createReadStream(join(folder, 'file'));
  expect((await readBounded(stream, 300_000, never, 'file')).equals(bytes)).toBe(true);
  expect(stream.destroyed).toBe(true);
});

test('nothing is no failure', async () => {
  expect(await readBounded(Readable.from([]), 10, never)).toHaveLength(0);
});

test('a stream of text counts its bytes', async () => {
  expect((await readBounded(Readable.from(['ü', 'ü']), 4, never)).toString()).toBe('üü');
  await expect(readBounded(Readable.from(['ü', 'ü']), 3, never)).rejects.toThrow(UserError);
});

test('one byte more than the limit is refused, and the rest is never read', async () => {
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(65_536));
    },
  });
  await expect(readBounded(endless, 1_000_000, never, "'hosts'")).rejects.toThrow(
    expect.objectContaining({ message: `cannot read 'hosts': it is larger than 977 KiB` }),
  );
  expect(endless.destroyed).toBe(true);
});

test('what cannot be read is a UserError with the reason', async () => {
  await expect(readBounded(createReadStream(join(folder, 'none')), 10, never, "'none'")).rejects.toThrow(
    expect.objectContaining({ message: `cannot read 'none': no such file or directory`, code: 'not-found' }),
  );
  await expect(readBounded(createReadStream(folder), 10, never, "'folder'")).rejects.toThrow(
    expect.objectContaining({ message: expect.stringContaining('directory') }),
  );
});

test('a stream that is closed before its end is a failure, not a short file', async () => {
  const stream = new PassThrough();
  const reading = readBounded(stream, 10, never);
  stream.write('abc', () => stream.destroy());
  await expect(reading).rejects.toThrow('cannot read standard input: it was closed before its end');
});

test.each([['before'], ['while']])('an abort %s it is read ends the wait with its own reason', async (when) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  if (when === 'before') controller.abort(reason);
  const stream = new PassThrough();
  const reading = readBounded(stream, 10, controller.signal);
  stream.write('abc');
  controller.abort(reason);
  await expect(reading).rejects.toBe(reason);
  expect(stream.destroyed).toBe(true);
});

test('an error after the end does not become an uncaught one', async () => {
  const stream = new PassThrough();
  stream.end('abc');
  expect((await readBounded(stream, 10, never)).toString()).toBe('abc');
  stream.emit('error', new Error('late'));
});

import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { descriptorWriter } from '../src/descriptor-writer.ts';

let folder: string;
let reader: number;
let writer: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-descriptor-'));
  execFileSync('mkfifo', [`${folder}/pipe`]);
  reader = openSync(`${folder}/pipe`, constants.O_RDONLY | constants.O_NONBLOCK);
  writer = openSync(`${folder}/pipe`, constants.O_WRONLY | constants.O_NONBLOCK);
});
afterEach(() => {
  closeSync(writer);
  rmSync(folder, { recursive: true });
});

const same = (error: unknown) => error;

test('what fits is written at once', async () => {
  const output = descriptorWriter(writer, same);
  expect(output.write('abc')).toBeUndefined();
  expect(output.write(new Uint8Array([0xff]))).toBeUndefined();
  await output.flush();
  const buffer = Buffer.alloc(10);
  expect(buffer.subarray(0, readSync(reader, buffer))).toEqual(Buffer.from([0x61, 0x62, 0x63, 0xff]));
  closeSync(reader);
});

test('what does not fit waits, and nothing overtakes it, even when there is room again', async () => {
  const output = descriptorWriter(writer, same);
  const chunks: Buffer[] = [];
  const drain = () => {
    const buffer = Buffer.alloc(1_000_000);
    chunks.push(buffer.subarray(0, read(buffer)));
  };
  void output.write('a'.repeat(200_000));
  drain();
  void output.write('b'.repeat(200_000));
  const state = { flushed: false };
  const flush = output.flush().then(() => (state.flushed = true));
  while (!state.flushed) {
    drain();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await flush;
  drain();
  closeSync(reader);
  expect(Buffer.concat(chunks).toString()).toBe('a'.repeat(200_000) + 'b'.repeat(200_000));
});

test('a reader that has gone is a rejection, at once or while something waits', async () => {
  const output = descriptorWriter(writer, (error) => new Error('renamed', { cause: error }));
  const waiting = output.write('x'.repeat(1_000_000));
  closeSync(reader);
  await expect(waiting).rejects.toThrow('renamed');
  await expect(output.write('y')).rejects.toMatchObject({ cause: { code: 'EPIPE' } });
});

function read(buffer: Buffer): number {
  try {
    return readSync(reader, buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}

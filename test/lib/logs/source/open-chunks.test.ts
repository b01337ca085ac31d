import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChunks, sniffFile } from '../../../../src/lib/logs/source/open-chunks.ts';
import { readChunksSync } from '../../../../src/lib/logs/source/read-chunks.ts';
import { collect, logText } from './collect.ts';

let folder: string;
let path: string;
const text = logText(5000);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-source-'));
  path = join(folder, 'app.log');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function open(source: string | Readable, signal: AbortSignal): ReturnType<typeof openChunks> {
  return openChunks(source, { signal, env: {} });
}

/** The next chunk as text. */
async function nextText(chunks: AsyncIterator<Buffer, unknown>): Promise<string> {
  const next = await chunks.next();
  return next.done === true ? '' : next.value.toString();
}

test('any part of a plain file is read, whatever the size of the chunks', async () => {
  writeFileSync(path, text);
  const size = fc.nat({ max: text.length });
  await fc.assert(
    fc.asyncProperty(size, size, fc.integer({ min: 100, max: 400_000 }), async (one, other, chunkBytes) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)];
      const { bytes, codes } = await collect(path, { start, end, chunkBytes });
      expect(codes).toEqual([]);
      expect(bytes.equals(text.subarray(start, end))).toBe(true);
      const piped = await collect(Readable.from([text.subarray(0, one), text.subarray(one)]), { start, end });
      expect(piped.bytes.equals(text.subarray(start, end))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('a plain file is read without promises, and its descriptor keeps its position', () => {
  writeFileSync(path, text);
  const fd = openSync(path, 'r');
  expect(sniffFile(fd)).toBe('plain');
  const parts = [
    ...(function* () {
      for (const chunk of readChunksSync(fd, { name: path, chunkBytes: 1000, start: 10 })) yield Buffer.from(chunk);
    })(),
  ];
  expect(Buffer.concat(parts).equals(text.subarray(10))).toBe(true);
  expect(readFileSync(fd).equals(text)).toBe(true);
  closeSync(fd);
});

test('an empty file, and one of /proc whose size is 0, are read to their end', async () => {
  writeFileSync(path, '');
  expect(await collect(path)).toMatchObject({ kind: 'empty', problems: [], bytes: Buffer.alloc(0) });
  expect((await collect('/proc/self/status')).bytes.toString()).toContain('VmRSS');
});

test('what is appended while it is read is read as well, and a file that shrinks is told when its end was asked for', async () => {
  writeFileSync(path, 'one\n');
  const chunks = open(path, AbortSignal.timeout(5000));
  expect(await nextText(chunks)).toBe('one\n');
  appendFileSync(path, 'two\n');
  expect(await nextText(chunks)).toBe('two\n');
  expect(await chunks.next()).toEqual({ done: true, value: { kind: 'plain', problems: [] } });
  truncateSync(path, 6);
  const { bytes, problems } = await collect(path, { end: 8, name: 'app.log' });
  expect(bytes.toString()).toBe('one\ntw');
  expect(problems).toMatchObject([
    { code: 'shortened', message: 'app.log: ends at byte 6, before byte 8 that was asked for' },
  ]);
});

test('a file that is not there, a directory and a file that fails to read are problems with their reasons', async () => {
  const missing = join(folder, 'missing');
  expect((await collect(missing)).problems).toEqual([
    { code: 'not-found', message: `cannot read ${missing}: no such file or directory` },
  ]);
  expect((await collect(folder, { name: 'logs' })).problems).toEqual([
    { code: 'unreadable', message: 'cannot read logs: is a directory' },
  ]);
  expect((await collect('/proc/self/mem', { name: 'mem' })).problems).toMatchObject([{ code: 'unreadable' }]);
});

test('a byte order mark is dropped, and UTF-16 becomes UTF-8', async () => {
  const words = 'größe 😀 of a log\n'.repeat(5000);
  const little = Buffer.from(`\ufeff${words}`, 'utf16le');
  const stored = {
    'utf-8-bom': Buffer.from(`\ufeff${words}`),
    'utf-16le': little,
    'utf-16be': Buffer.from(little).swap16(),
  };
  for (const [kind, bytes] of Object.entries(stored)) {
    writeFileSync(path, bytes);
    for (const source of [
      path,
      Readable.from([...bytes.subarray(0, 9)].map((byte) => Buffer.of(byte)).concat(bytes.subarray(9))),
    ]) {
      const read = await collect(source, { chunkBytes: 1001 });
      expect(read.kind).toBe(kind);
      expect(read.bytes.toString() === words).toBe(true);
    }
  }
  writeFileSync(path, little.subarray(0, -1));
  const cut = await collect(path);
  expect(cut.codes).toEqual(['truncated']);
  expect(cut.bytes.toString().endsWith('log\ufffd')).toBe(true);
});

test('a kind that is given is believed: half a byte order mark is text', async () => {
  const cases: [string, string][] = [
    ['efbb', 'efbb'],
    ['efbb41', 'efbb41'],
    ['efbbbf', ''],
    ['efbbbfefbbbf', 'efbbbf'],
  ];
  for (const [stored, given] of cases) {
    writeFileSync(path, Buffer.from(stored, 'hex'));
    for (const chunkBytes of [1, 2, 10]) {
      const { bytes } = await collect(path, { kind: 'utf-8-bom', chunkBytes });
      expect(bytes.toString('hex')).toBe(given);
    }
  }
});

test('a FIFO is waited for, read to its end, and an abort ends the wait', async () => {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const reason = new Error('enough');
  const controller = new AbortController();
  const waiting = open(fifo, controller.signal).next();
  setTimeout(() => controller.abort(reason), 30);
  await expect(waiting).rejects.toBe(reason);
  const read = collect(fifo);
  const writer = spawn('sh', ['-c', 'exec >"$0"; echo first; sleep 0.1; echo second', fifo], { stdio: 'ignore' });
  const exited = new Promise((resolve) => writer.on('exit', resolve));
  expect((await read).bytes.toString()).toBe('first\nsecond\n');
  await exited;
});

test('an endless device ends with the signal', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  let count = 0;
  const chunks = open('/dev/zero', controller.signal);
  await expect(
    (async () => {
      for await (const chunk of chunks) count += chunk.length;
    })(),
  ).rejects.toBe(reason);
  expect(count).toBeGreaterThan(0);
  expect(await collect('/dev/null')).toMatchObject({ kind: 'empty', problems: [] });
});

test('the event loop gets its turn while a plain file is read', async () => {
  writeFileSync(path, '');
  truncateSync(path, 400 * 1024 * 1024);
  const controller = new AbortController();
  const reason = new Error('enough');
  setTimeout(() => controller.abort(reason), 5);
  await expect(
    (async () => {
      for await (const chunk of open(path, controller.signal)) if (chunk.length === 0) return;
    })(),
  ).rejects.toBe(reason);
});

test('the first short line of a slow pipe comes at once', async () => {
  const pipe = new PassThrough();
  const chunks = open(pipe, AbortSignal.timeout(5000));
  pipe.write('up\n');
  expect(await nextText(chunks)).toBe('up\n');
  pipe.end('down\n');
  expect(await nextText(chunks)).toBe('down\n');
  expect((await chunks.next()).value).toEqual({ kind: 'plain', problems: [] });
});

test('a stream that fails or is closed before its end is told after its data', async () => {
  for (const error of [new Error('the disk is gone'), undefined]) {
    const pipe = new PassThrough();
    const chunks = open(pipe, AbortSignal.timeout(5000));
    pipe.write('one line of it\n');
    expect(await nextText(chunks)).toBe('one line of it\n');
    pipe.destroy(error);
    const { value } = await chunks.next();
    const reason =
      error === undefined
        ? 'standard input: was closed before its end'
        : 'cannot read standard input: the disk is gone';
    expect(value).toMatchObject({ problems: [{ code: 'unreadable', message: reason }] });
  }
});

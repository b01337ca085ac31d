import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChunks } from '../../../../src/lib/logs/source/open-chunks.ts';
import { requireProgram } from '../../../support/services.ts';
import { collect, logText } from './collect.ts';

let folder: string;
let path: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-source-'));
  // No name tells how it is stored.
  path = join(folder, 'app.log');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function pipeOf(bytes: Buffer, size = 1000): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })(),
    { objectMode: false },
  );
}

/** As much as the program itself gets out of it. */
function programGets(program: string, bytes: Buffer): Buffer {
  return spawnSync(program, ['-dc'], { input: bytes, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'ignore'] }).stdout;
}

const text = logText(5000);

describe.each(['gzip', 'zstd', 'bzip2', 'xz'] as const)('%s', (format) => {
  const program = requireProgram(format, `logs compressed with ${format} are not tested`);
  const pack = (bytes: Buffer): Buffer => execFileSync(program!, ['-c'], { input: bytes, maxBuffer: 1 << 28 });

  test.skipIf(program === undefined)(
    'a file, an open file and a pipe give the bytes that were compressed',
    async () => {
      const packed = pack(text);
      writeFileSync(path, packed);
      const fromPath = await collect(path);
      expect(fromPath.problems).toEqual([]);
      expect(fromPath.kind).toBe(format);
      expect(fromPath.bytes.equals(text)).toBe(true);
      const fd = openSync(path, 'r');
      expect((await collect(fd)).bytes.equals(text)).toBe(true);
      closeSync(fd);
      const fromPipe = await collect(pipeOf(packed));
      expect(fromPipe.problems).toEqual([]);
      expect(fromPipe.bytes.equals(text)).toBe(true);
    },
  );

  test.skipIf(program === undefined)(
    'parts that follow each other are read in order, whatever the chunks',
    async () => {
      const parts = [text.subarray(0, 40_001), text.subarray(40_001, 40_002), text.subarray(40_002, 200_000)];
      const packed = Buffer.concat([pack(Buffer.alloc(0)), ...parts.map(pack)]);
      writeFileSync(path, packed);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 4000 }), fc.boolean(), async (chunkBytes, isPipe) => {
          const size = Math.max(chunkBytes, 20);
          const read = await collect(isPipe ? pipeOf(packed, size) : path, { chunkBytes: size });
          expect(read.problems).toEqual([]);
          expect(read.bytes.equals(Buffer.concat(parts))).toBe(true);
        }),
        { numRuns: 8 },
      );
    },
  );

  test.skipIf(program === undefined)('a file cut off anywhere gives what the program gets, and says so', async () => {
    const packed = pack(text.subarray(0, 150_000));
    const places = [12, 15, 20, 40, 500, 0.3, 0.6, 0.9, packed.length - 9, packed.length - 5, packed.length - 1];
    for (const place of places) {
      const cut = packed.subarray(0, place < 1 ? Math.floor(packed.length * place) : place);
      writeFileSync(path, cut);
      for (const source of [path, pipeOf(cut)]) {
        const { bytes, codes } = await collect(source);
        expect(codes, `at ${cut.length}`).toEqual(['truncated']);
        const expected = programGets(program!, cut);
        expect(bytes.length, `at ${cut.length}`).toBeGreaterThanOrEqual(expected.length);
        expect(bytes.equals(text.subarray(0, bytes.length)), `at ${cut.length}`).toBe(true);
      }
    }
  });

  test.skipIf(program === undefined)('a file damaged anywhere gives what the program gets, and says so', async () => {
    const packed = pack(text);
    for (const place of [0.1, 0.6, packed.length - 6]) {
      const damaged = Buffer.from(packed);
      const at = place < 1 ? Math.floor(packed.length * place) : place;
      for (let index = at; index < at + 4; index++) damaged[index]! ^= 0xa5;
      writeFileSync(path, damaged);
      const { bytes, codes } = await collect(path);
      expect(codes, `at ${at}`).toHaveLength(1);
      const expected = programGets(program!, damaged);
      expect(bytes.length, `at ${at}`).toBeGreaterThanOrEqual(expected.length);
      expect(bytes.subarray(0, expected.length).equals(expected), `at ${at}`).toBe(true);
      expect((await collect(pipeOf(damaged))).codes, `at ${at}`).toHaveLength(1);
    }
  });

  test.skipIf(program === undefined)('something else after the data is told, and the data is given', async () => {
    const packed = Buffer.concat([pack(text), Buffer.from('this is no compressed data at all\n')]);
    writeFileSync(path, packed);
    for (const source of [path, pipeOf(packed)]) {
      const { bytes, codes } = await collect(source);
      // xz does not tell it from damage.
      expect(codes).toEqual([format === 'xz' ? 'damaged' : 'trailing-garbage']);
      // Of a pipe the decoder for gzip loses the last piece.
      const isLossy = format === 'gzip' && source !== path;
      expect(bytes.equals(isLossy ? text.subarray(0, bytes.length) : text)).toBe(true);
      expect(bytes.length).toBeGreaterThan(text.length / 2);
    }
  });

  test.skipIf(program === undefined)('start and end count the bytes before they were compressed', async () => {
    writeFileSync(path, pack(text));
    const { bytes, problems } = await collect(path, { start: 100_001, end: 300_000 });
    expect(problems).toEqual([]);
    expect(bytes.equals(text.subarray(100_001, 300_000))).toBe(true);
    expect((await collect(path, { start: text.length })).bytes).toHaveLength(0);
  });

  test.skipIf(program === undefined)('a text of UTF-16 comes out as UTF-8', async () => {
    const umlauts = 'größe 😀\n'.repeat(30_000);
    writeFileSync(path, pack(Buffer.from(`\ufeff${umlauts}`, 'utf16le')));
    const { bytes, kind } = await collect(path);
    expect(bytes.toString()).toBe(umlauts);
    expect(kind).toBe(format);
  });

  test.skipIf(program === undefined)('a reader who has enough, and an abort, end it at once', async () => {
    writeFileSync(path, pack(Buffer.alloc(20_000_000, 0x61)));
    const chunks = openChunks(path, { signal: AbortSignal.timeout(20_000), env: process.env });
    expect((await chunks.next()).done).toBe(false);
    expect((await chunks.return({ problems: [] })).done).toBe(true);
    const controller = new AbortController();
    const reason = new Error('enough');
    const aborted = openChunks(path, { signal: controller.signal, env: process.env, chunkBytes: 64 });
    await aborted.next();
    controller.abort(reason);
    await expect(
      (async () => {
        for (;;) if ((await aborted.next()).done === true) return;
      })(),
    ).rejects.toBe(reason);
  });
});

const gzip = requireProgram('gzip', 'padded gzip files are not tested');
const zstd = requireProgram('zstd', 'skippable frames and long windows of zstd are not tested');

test.skipIf(gzip === undefined)('zeros after gzip are padding, and what follows the zeros is told', async () => {
  const packed = execFileSync(gzip!, ['-c'], { input: text });
  for (const zeros of [1, 511, 300_000]) {
    writeFileSync(path, Buffer.concat([packed, Buffer.alloc(zeros)]));
    const { bytes, codes } = await collect(path);
    expect(codes).toEqual([]);
    expect(bytes.equals(text)).toBe(true);
  }
  for (const zeros of [3, 40_000, 400_000]) {
    const more = Buffer.concat([packed, Buffer.alloc(zeros), packed]);
    writeFileSync(path, more);
    expect((await collect(path)).codes).toEqual(['trailing-garbage']);
    expect((await collect(path, { chunkBytes: packed.length })).codes).toEqual(['trailing-garbage']);
    expect((await collect(pipeOf(more, 100_000))).codes).toEqual(['trailing-garbage']);
  }
});

test.skipIf(gzip === undefined)(
  'one byte after many zeros is told, also when a pipe gives all of it at once',
  async () => {
    const packed = execFileSync(gzip!, ['-c'], { input: text });
    const more = Buffer.concat([packed, Buffer.alloc(40_000), Buffer.from('x')]);
    expect((await collect(pipeOf(more, more.length))).codes).toEqual(['trailing-garbage']);
  },
);

test.skipIf(gzip === undefined)('a wrong checksum loses no byte of a file', async () => {
  const damaged = Buffer.from(execFileSync(gzip!, ['-c'], { input: text }));
  damaged[damaged.length - 7]! ^= 1;
  writeFileSync(path, damaged);
  const { bytes, problems } = await collect(path, { name: 'app.log.3' });
  expect(bytes.equals(text)).toBe(true);
  expect(problems).toEqual([
    { code: 'damaged', message: 'app.log.3: cannot be decompressed from some place on (incorrect data check)' },
  ]);
});

test.skipIf(zstd === undefined)('skippable frames before, between and after the data are passed over', async () => {
  const few = text.subarray(0, 5000);
  const packed = execFileSync(zstd!, ['-c'], { input: few });
  const skipped = Buffer.concat([Buffer.from('532a4d1806000000', 'hex'), Buffer.from('(\xb5/\xfd..', 'latin1')]);
  const whole = Buffer.concat([skipped, packed, skipped, skipped, packed, skipped]);
  writeFileSync(path, whole);
  for (const chunkBytes of [1, 7, 262_144]) {
    const { bytes, codes } = await collect(path, { chunkBytes });
    expect(codes).toEqual([]);
    expect(bytes.equals(Buffer.concat([few, few]))).toBe(true);
  }
  writeFileSync(path, whole.subarray(0, -2));
  expect((await collect(path)).codes).toEqual(['truncated']);
});

test.skipIf(zstd === undefined)('every kind of zstd frame is walked', async () => {
  const zeros = Buffer.alloc(300_000);
  for (const flags of [['--no-check'], ['-19'], ['--no-content-size'], ['--fast=5']]) {
    for (const bytes of [text, zeros, text.subarray(0, 100), text.subarray(0, 300), Buffer.alloc(0)]) {
      const packed = execFileSync(zstd!, [...flags, '-c'], { input: bytes });
      writeFileSync(path, Buffer.concat([packed, packed]));
      const read = await collect(path, { chunkBytes: 5001 });
      expect(read.codes).toEqual([]);
      expect(read.bytes.equals(Buffer.concat([bytes, bytes]))).toBe(true);
    }
  }
});

test.skipIf(zstd === undefined)('a window of more than 128 MiB is refused with the way round it', async () => {
  const packed = execFileSync(zstd!, ['--long=31', '-c'], { input: text });
  writeFileSync(path, packed);
  const { problems } = await collect(path);
  expect(problems).toMatchObject([{ code: 'too-large', hint: expect.stringContaining('zstd -dc --long=31') }]);
});

const xz = requireProgram('xz', 'a program that gives up while its input goes on is not tested');

test.skipIf(xz === undefined)('a program that gives up while its input goes on is not waited for', async () => {
  const pipe = new PassThrough();
  pipe.write(Buffer.concat([Buffer.from('fd377a585a00', 'hex'), Buffer.alloc(100_000, 0x41)]));
  const { codes } = await collect(pipe);
  expect(codes).toEqual(['damaged']);
  expect(pipe.destroyed).toBe(true);
});

test('a program that is missing is told with the package that has it', async () => {
  writeFileSync(path, Buffer.from('fd377a585a000000', 'hex'));
  const { problems, kind } = await collect(path, { env: { PATH: folder } });
  expect(kind).toBe('xz');
  expect(problems).toMatchObject([{ code: 'program-missing', hint: expect.stringContaining('xz-utils') }]);
  const fromPipe = await collect(pipeOf(Buffer.from('BZh91AY&SY')), { env: { PATH: folder } });
  expect(fromPipe.codes).toEqual(['program-missing']);
});

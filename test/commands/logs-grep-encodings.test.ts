import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runLogsGrep } from '../lib/logs/search/run-grep.ts';
import { requireProgram } from '../support/services.ts';

const bzip2 = requireProgram('bzip2', 'logs compressed with it are not searched');
const xz = requireProgram('xz', 'logs compressed with it are not searched');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-encodings-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { PATH: process.env['PATH'] };
const bytes = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

/** Searches a file and, unless it is told otherwise, the same bytes on standard input: the answers are the same. */
async function search(content: Buffer, words: readonly string[], name = 'app.log') {
  writeFileSync(join(folder, name), content);
  const fromFile = await runLogsGrep(folder, [...words, name], { env });
  const fromStdin = await runLogsGrep(folder, words, { env, stdin: content });
  const renamed = (text: string) => text.replaceAll('(standard input)', name);
  expect({ ...fromStdin, stdout: renamed(fromStdin.stdout), stderr: renamed(fromStdin.stderr) }).toEqual(fromFile);
  return fromFile;
}

describe('text is found whatever it is written in', () => {
  test.each<[string, Buffer, string[], string]>([
    ['a line end of Windows', bytes('one ERROR\r\ntwo\r\n'), ['ERROR$'], 'one ERROR\r\n'],
    ['the end of an empty line of Windows', bytes('a\r\n\r\nb\r\n'), ['-c', '^$'], '1\n'],
    ['a match that is printed without it', bytes('ERROR\r\n'), ['-o', 'ERR.*$'], 'ERROR\n'],
    ['Latin-1 between what is looked for', bytes('caf\xe9 ERROR\n'), ['^caf.+ERROR'], 'caf\xe9 ERROR\n'],
    ['bytes that are no text of any kind', bytes('\x80\xc3(\xff ERROR\n'), ['-x', '.* ERROR'], '\x80\xc3(\xff ERROR\n'],
    ['the mark of UTF-8', bytes('\xef\xbb\xbfERROR one\nERROR two\n'), ['-n', '^ERROR'], '1:ERROR one\n2:ERROR two\n'],
    [
      'UTF-16',
      utf16('ERROR caf\u00e9\nzwei \u{1F600}\n'),
      ['-n', 'caf\u00e9$|\u{1F600}'],
      '1:ERROR caf\xc3\xa9\n2:zwei \xf0\x9f\x98\x80\n',
    ],
    ['UTF-16 of the other order', utf16('a\nERROR b\n').swap16(), ['-n', '^ERROR'], '2:ERROR b\n'],
    ['UTF-16 with line ends of Windows', utf16('ERROR\r\n'), ['ERROR$'], 'ERROR\r\n'],
    ['colours of a terminal', bytes('\x1b[31mERROR\x1b[0m: x\n'), ['ERROR.*x$'], '\x1b[31mERROR\x1b[0m: x\n'],
    ['a NUL far behind the beginning', bytes(`${'fine\n'.repeat(20_000)}x\0 ERROR\n`), ['ERROR'], 'x\0 ERROR\n'],
    ['a last line without its end', bytes('a\nERROR'), ['ERROR'], 'ERROR\n'],
  ])('%s', async (_, content, words, stdout) => {
    expect(await search(content, words)).toEqual({ code: 0, stdout, stderr: '' });
  });

  test('behind the hole that copytruncate leaves, which makes no log binary', async () => {
    const hole = `${'\0'.repeat(70_000)}ERROR one\nERROR two\n`;
    expect(await search(bytes(hole), ['two'])).toEqual({ code: 0, stdout: 'ERROR two\n', stderr: '' });
    expect((await search(bytes(hole), ['-c', 'ERROR'])).stdout).toBe('2\n');
  });

  test('records have text of it', async () => {
    writeFileSync(join(folder, 'latin1.log'), bytes('caf\xe9 ERROR\r\n'));
    const records = await runLogsGrep(folder, ['--json', 'ERROR', 'latin1.log']);
    expect(JSON.parse(Buffer.from(records.stdout, 'latin1').toString())).toMatchObject([
      { source: 'latin1.log', match: true, level: 'error', text: 'caf\ufffd ERROR' },
    ]);
  });
});

describe('a binary file', () => {
  const content = bytes('\x7fELF\0\x01\x02ERROR\0\n\x03\n');

  test('is not printed, but what was found is not hidden either', async () => {
    const note = 'devops: app.log: is binary and has matching lines: -a prints them\n';
    expect(await search(content, ['ERROR'])).toEqual({ code: 0, stdout: '', stderr: note });
    expect(await search(content, ['--json', 'ERROR'])).toEqual({ code: 0, stdout: '[]\n', stderr: note });
    expect(await search(content, ['-q', 'ERROR'])).toMatchObject({ code: 0, stdout: '' });
    expect(await search(content, ['nothing'])).toEqual({ code: 1, stdout: '', stderr: '' });
    expect(await search(content, ['-o', '-n', '-A1', 'ERROR'])).toEqual({ code: 0, stdout: '', stderr: note });
  });

  test('is printed with -a, counted with -c and named with -l, as by grep', async () => {
    expect((await search(content, ['-a', 'ERROR'])).stdout).toBe('\x7fELF\0\x01\x02ERROR\0\n');
    expect((await search(content, ['-c', 'ERROR'])).stdout).toBe('1\n');
    expect((await search(content, ['-l', 'ERROR'])).stdout).toMatch(/^(?:app\.log|\(standard input\))\n$/);
  });

  test('does not keep the others from being searched', async () => {
    writeFileSync(join(folder, 'text.log'), 'an ERROR\n');
    writeFileSync(join(folder, 'binary'), content);
    const found = await runLogsGrep(folder, ['ERROR', 'text.log', 'binary', 'text.log']);
    expect(found).toMatchObject({ code: 0, stdout: 'text.log:an ERROR\ntext.log:an ERROR\n' });
  });
});

describe('compressed logs are known by their content', () => {
  const one = 'one ERROR\ntwo\n';
  const three = 'three ERROR\n';
  const both = '1:one ERROR\n3:three ERROR\n';
  const program = (path: string, text: string) => spawnSync(path, { input: text }).stdout;

  test('gzip and zstd of several parts, under any name', async () => {
    const gzip = Buffer.concat([gzipSync(one), gzipSync(three)]);
    expect(await search(gzip, ['-n', 'ERROR'], 'app.log.1')).toEqual({ code: 0, stdout: both, stderr: '' });
    const zstd = Buffer.concat([zstdCompressSync(one), zstdCompressSync(three)]);
    expect(await search(zstd, ['-n', 'ERROR'], 'app.log.gz')).toEqual({ code: 0, stdout: both, stderr: '' });
  });

  test.skipIf(bzip2 === undefined)('bzip2', async () => {
    const content = Buffer.concat([program(bzip2!, one), program(bzip2!, three)]);
    expect(await search(content, ['-n', 'ERROR'], 'app.log.gz')).toEqual({ code: 0, stdout: both, stderr: '' });
  });

  test.skipIf(xz === undefined)('xz', async () => {
    const content = Buffer.concat([program(xz!, one), program(xz!, three)]);
    expect(await search(content, ['-n', 'ERROR'], 'app.log.zst')).toEqual({ code: 0, stdout: both, stderr: '' });
  });

  test('padding of zeros behind gzip is nothing, as it is to gzip', async () => {
    const padded = Buffer.concat([gzipSync(one), Buffer.alloc(5000)]);
    expect(await search(padded, ['-c', 'ERROR'])).toEqual({ code: 0, stdout: '1\n', stderr: '' });
  });

  test('of one that is cut off all that there is, and the error', async () => {
    const lines = Array.from({ length: 20_000 }, (_, number) => `${number * 7919} ERROR\n`).join('');
    const cut = gzipSync(lines).subarray(0, 30_000);
    const found = await search(cut, ['ERROR']);
    expect(found.code).toBe(2);
    expect(found.stderr).toBe(
      'devops: error: app.log: ends in the middle of its data\ndevops: hint: it may still be written\n',
    );
    // The last line is cut as well.
    expect(lines.startsWith(found.stdout.slice(0, -1))).toBe(true);
    expect(found.stdout.length).toBeGreaterThan(30_000);
  });

  test('of one that is damaged what is before the damage, and the error', async () => {
    const lines = Array.from({ length: 20_000 }, (_, number) => `${number * 7919} ERROR\n`).join('');
    const damaged = gzipSync(lines);
    damaged.fill(0x55, 40_000, 40_100);
    writeFileSync(join(folder, 'damaged.gz'), damaged);
    const found = await runLogsGrep(folder, ['ERROR', 'damaged.gz']);
    expect(found.code).toBe(2);
    expect(found.stderr).toMatch(/^devops: error: damaged\.gz: cannot be decompressed from some place on \(.*\)\n$/);
    expect(found.stdout.slice(0, 100_000)).toBe(lines.slice(0, 100_000));
  });

  test('what is plain is searched as such, though it is called .gz', async () => {
    expect(await search(bytes('ERROR\n'), ['ERROR'], 'app.log.gz')).toEqual({ code: 0, stdout: 'ERROR\n', stderr: '' });
  });

  test('UTF-16 within gzip', async () => {
    expect((await search(gzipSync(utf16('ERROR a\n')), ['-n', '^ERROR'])).stdout).toBe('1:ERROR a\n');
    expect(readFileSync(join(folder, 'app.log')).subarray(0, 2)).toEqual(Buffer.of(0x1f, 0x8b));
  });
});

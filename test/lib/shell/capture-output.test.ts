import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readHeadAndTail, trimOutputFile } from '../../../src/lib/shell/capture-output.ts';
import { appendWhole, openOutputFile } from '../../../src/lib/shell/open-output-file.ts';
import { createOutputLog } from '../../../src/lib/shell/output-log.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capture-output-'));
  path = join(folder, 'run.log');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the file for output', () => {
  test('is empty, ours alone, and appended to', () => {
    const descriptor = openOutputFile(path);
    expect(statSync(path)).toMatchObject({ size: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeSync(descriptor, 'a');
    writeFileSync(path, 'other\n', { flag: 'a' });
    writeSync(descriptor, 'b');
    closeSync(descriptor);
    expect(readFileSync(path, 'utf8')).toBe('aother\nb');
  });

  test('is never one that is there already, nor one that a link means', () => {
    writeFileSync(path, 'old');
    expect(() => openOutputFile(path)).toThrow(`cannot keep output in '${path}': file already exists`);
    const link = join(folder, 'link');
    symlinkSync(join(folder, 'elsewhere'), link);
    expect(() => openOutputFile(link)).toThrow('cannot keep output');
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder).toSorted()).toEqual(['link', 'run.log']);
  });

  test('that cannot be made is told in words', () => {
    expect(() => openOutputFile(join(folder, 'gone', 'run.log'))).toThrow('no such file or directory');
  });

  test('on a full disk is refused at once', () => {
    // Writing to /dev/full always fails with ENOSPC, full(4).
    const descriptor = openSync('/dev/full', 'w');
    expect(appendWhole(descriptor, Buffer.from('text'))).toBe(false);
    closeSync(descriptor);
  });
});

describe('output in memory', () => {
  test('goes to the file too, as long as there is room', () => {
    const descriptor = openOutputFile(path);
    const log = createOutputLog(descriptor, { headBytes: 4, tailBytes: 4 });
    for (const chunk of ['abc', 'defgh', 'ijklmn']) log.take(Buffer.from(chunk));
    closeSync(descriptor);
    expect(readFileSync(path, 'utf8')).toBe('abcdefghijklmn');
    expect(log.isWhole()).toBe(true);
    expect(log.read()).toEqual({ text: 'abcd\n[... 6 bytes left out ...]\nklmn', totalBytes: 14, omittedBytes: 6 });
  });

  test('is kept where the file takes nothing, or where there is none', () => {
    const full = openSync('/dev/full', 'w');
    for (const descriptor of [full, undefined]) {
      const log = createOutputLog(descriptor, { headBytes: 100, tailBytes: 100 });
      log.take(Buffer.from('all of it'));
      expect(log.isWhole()).toBe(false);
      expect(log.read()).toEqual({ text: 'all of it', totalBytes: 9, omittedBytes: 0 });
    }
    closeSync(full);
  });
});

describe('head and tail of a file', () => {
  test('are all of it where it is small', () => {
    writeFileSync(path, 'äöü');
    const whole = { text: 'äöü', totalBytes: 6, omittedBytes: 0 };
    expect(readHeadAndTail(path, { headBytes: 3, tailBytes: 3 })).toEqual(whole);
    writeFileSync(path, '');
    expect(readHeadAndTail(path, { headBytes: 3, tailBytes: 3 })).toEqual({ text: '', totalBytes: 0, omittedBytes: 0 });
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('never hold a part of a character (%d bytes each)', (bytes) => {
    writeFileSync(path, 'aä€😀'.repeat(20));
    const { text, totalBytes, omittedBytes } = readHeadAndTail(path, { headBytes: bytes, tailBytes: bytes });
    expect(text).not.toContain('\u{fffd}');
    expect(totalBytes).toBe(200);
    const [head, , tail] = text.split('\n');
    expect(Buffer.byteLength(head! + tail!) + omittedBytes).toBe(200);
    expect(omittedBytes).toBeGreaterThanOrEqual(200 - 2 * bytes);
    expect(omittedBytes).toBeLessThanOrEqual(200 - 2 * bytes + 6);
  });

  test('of a file that is not there are told in words', () => {
    expect(() => readHeadAndTail(path, { headBytes: 3, tailBytes: 3 })).toThrow(`cannot read '${path}': no such file`);
  });
});

describe('a file that is shortened', () => {
  test('keeps its beginning and its end, and is not larger than allowed', () => {
    writeFileSync(path, `first\n${'äöü€\n'.repeat(200_000)}last\n`);
    const before = statSync(path).size;
    const { totalBytes, omittedBytes } = trimOutputFile(path, 10_000);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^first\näöü€\n/);
    expect(text).toMatch(/äöü€\nlast\n$/);
    expect(text).toContain(`\n[... ${omittedBytes} bytes left out ...]\n`);
    expect(text).not.toContain('\u{fffd}');
    expect(totalBytes).toBe(before);
    expect(statSync(path).size).toBeLessThanOrEqual(10_000);
    expect(statSync(path).size).toBeGreaterThan(9800);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(trimOutputFile(path, 10_000).omittedBytes).toBe(0);
    expect(readdirSync(folder)).toEqual(['run.log']);
  });

  test('stays as it is where it is small enough', () => {
    writeFileSync(path, 'x'.repeat(100));
    const { ino } = statSync(path);
    expect(trimOutputFile(path, 100)).toEqual({ totalBytes: 100, omittedBytes: 0 });
    expect(statSync(path).ino).toBe(ino);
  });

  test.each([0, 50, 100, 103])('even to %d bytes', (keepBytes) => {
    writeFileSync(path, 'ä'.repeat(1000));
    const { omittedBytes } = trimOutputFile(path, keepBytes);
    expect(omittedBytes).toBeGreaterThan(1900);
    expect(readFileSync(path, 'utf8')).toContain('bytes left out');
  });

  test('is the old one or the new one at a kill', async () => {
    const module = join(import.meta.dirname, '../../../src/lib/shell/capture-output.ts');
    const script = `const { trimOutputFile } = await import(${JSON.stringify(module)});
      process.stdout.write('ready');
      process.stdin.once('data', () => { trimOutputFile(${JSON.stringify(path)}, 8_000_000); process.exit(); });`;
    const whole = Buffer.alloc(20_000_000, 'x');
    for (let round = 0; round < 4; round++) {
      writeFileSync(path, whole);
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      await once(child.stdout, 'data');
      child.stdin.write('go');
      setTimeout(() => child.kill('SIGKILL'), round * 4);
      await once(child, 'exit');
      const { size } = statSync(path);
      expect([20_000_000, 7_999_900 + '\n[... 12000100 bytes left out ...]\n'.length]).toContain(size);
    }
  });
});

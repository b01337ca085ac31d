import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { readState, writeState } from '../../../../src/lib/logs/cursor/cursor-state.ts';
import type { FileCursor } from '../../../../src/lib/logs/cursor/file-cursor.ts';
import { planReading } from '../../../../src/lib/logs/cursor/plan-reading.ts';
import { bytesOf, deliver } from './deliver.ts';

const base = mkdtempSync(join(tmpdir(), 'devops-cursor-plan-'));
afterAll(() => rmSync(base, { recursive: true }));
const newLog = (): string => join(mkdtempSync(join(base, 'log-')), 'app.log');
const { signal } = new AbortController();
const fromStart = { fromStart: true };

/** Lines that no other test and no other call has. */
function lines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index} of a log that goes on\n`).join('');
}

test('the first run starts at the end and says so, and the second has only what is new', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 3));
  const first = await deliver(log, undefined);
  expect(first.text).toBe('');
  expect(first.notes).toEqual([`'${log}' is read from its end on: nothing before now is looked at`]);
  appendFileSync(log, lines(4, 5));
  const second = await deliver(log, first.next);
  expect(second.text).toBe(lines(4, 5));
  expect(second.notes).toEqual([]);
  expect((await deliver(log, second.next)).text).toBe('');
});

test('from the start, rotated files come too, the oldest first', async () => {
  const log = newLog();
  writeFileSync(`${log}.2.gz`, gzipSync(lines(1, 2)));
  writeFileSync(`${log}.1`, lines(3, 4));
  writeFileSync(log, lines(5, 6));
  expect((await deliver(log, undefined, fromStart)).text).toBe(lines(1, 6));
});

test('a file that appears later is read from its start', async () => {
  const log = newLog();
  const first = await deliver(log, undefined);
  expect(first.notes).toEqual([`'${log}' does not exist yet: it is read from its start when it appears`]);
  writeFileSync(log, lines(1, 2));
  expect((await deliver(log, first.next)).text).toBe(lines(1, 2));
});

test('a line without its end is held back and comes whole', async () => {
  const log = newLog();
  writeFileSync(log, `${lines(1, 1)}half of`);
  const first = await deliver(log, undefined, fromStart);
  expect(first.text).toBe(lines(1, 1));
  expect((await deliver(log, first.next)).text).toBe('');
  appendFileSync(log, ' a line\n');
  expect((await deliver(log, first.next)).text).toBe('half of a line\n');
});

test('in UTF-16 a line ends behind both bytes of the line feed', async () => {
  const log = newLog();
  const encoded = (text: string): Buffer => Buffer.from(text, 'utf16le');
  // The first byte of U+010A and the second of U+0A00 look like line feeds.
  writeFileSync(log, encoded('\ufeffone\n\u010a\u0a00'));
  const first = await deliver(log, undefined, fromStart);
  expect(first.text).toBe(encoded('\ufeffone\n').toString('latin1'));
});

test('three rotations between two runs come in order, compressed ones too', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 2));
  const { next } = await deliver(log, undefined);
  appendFileSync(log, lines(3, 4));
  const old = lines(1, 4);
  rmSync(log);
  writeFileSync(`${log}.3.gz`, Buffer.concat([gzipSync(old.slice(0, 50)), gzipSync(old.slice(50))]));
  writeFileSync(`${log}.2.zst`, zstdCompressSync(lines(5, 6)));
  writeFileSync(`${log}.1`, `${lines(7, 7)}cut off`);
  writeFileSync(log, lines(8, 8));
  const second = await deliver(log, next);
  expect(second.parts).toEqual([lines(3, 4), lines(5, 6), `${lines(7, 7)}cut off`, lines(8, 8)]);
  expect(second.ranges.map(({ kind, start }) => [kind, start])).toEqual([
    ['gzip', lines(1, 2).length],
    ['zstd', 0],
    ['plain', 0],
    ['plain', 0],
  ]);
  expect(second.lost).toEqual([]);
});

test('copied and truncated, and grown past the old offset, nothing is lost or doubled', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 5));
  const { next } = await deliver(log, undefined);
  appendFileSync(log, lines(6, 7));
  copyFileSync(log, `${log}-20261120`);
  truncateSync(log);
  appendFileSync(log, lines(8, 30));
  const second = await deliver(log, next);
  expect(second.text).toBe(lines(6, 30));
  expect(second.lost).toEqual([]);
});

test('a header that all files share does not hide a copy, although inode and content speak for the followed path', async () => {
  const log = newLog();
  const header = `#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip\n`;
  writeFileSync(log, header);
  const { next } = await deliver(log, undefined);
  appendFileSync(log, lines(1, 3));
  copyFileSync(log, `${log}.1`);
  truncateSync(log);
  appendFileSync(log, header + lines(4, 9));
  expect((await deliver(log, next)).text).toBe(lines(1, 3) + header + lines(4, 9));
});

test('a copy that is just being made does not come twice', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 5));
  const { next } = await deliver(log, undefined);
  appendFileSync(log, lines(6, 9));
  writeFileSync(`${log}.1`, lines(1, 7));
  const during = await deliver(log, next);
  expect(during.text).toBe(lines(6, 9));
  appendFileSync(log, lines(10, 10));
  copyFileSync(log, `${log}.1`);
  truncateSync(log);
  appendFileSync(log, lines(11, 11));
  expect((await deliver(log, during.next)).text).toBe(lines(10, 11));
});

test('truncated without a copy is told, and what is there now is read whole', async () => {
  const log = newLog();
  writeFileSync(log, `${lines(1, 5)}held`);
  const { next } = await deliver(log, undefined);
  truncateSync(log);
  appendFileSync(log, lines(6, 40));
  const second = await deliver(log, next);
  expect(second.text).toBe(lines(6, 40));
  expect(second.lost).toEqual([
    { path: log, bytes: 4, reason: 'was truncated, and no rotated file holds what was not delivered of it' },
  ]);
  expect((await deliver(log, second.next)).lost).toEqual([]);
});

test('a head that stayed the same does not hide that the rest was replaced', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 100));
  const { next } = await deliver(log, undefined);
  const replaced = lines(1, 50) + lines(200, 300);
  writeFileSync(log, replaced);
  const second = await deliver(log, next);
  expect(second.text).toBe(replaced);
  expect(second.lost).toHaveLength(1);
});

test('while gzip is at work the plain file is read, and its compressed part is not', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 5));
  const { next } = await deliver(log, undefined);
  appendFileSync(log, lines(6, 9));
  renameSync(log, `${log}.1`);
  writeFileSync(`${log}.1.gz`, gzipSync(lines(1, 9)).subarray(0, 40));
  writeFileSync(log, lines(10, 10));
  const second = await deliver(log, next);
  expect(second.ranges.map(({ path }) => path)).toEqual([`${log}.1`, log]);
  expect(second.text).toBe(lines(6, 10));
});

test('deleted and made again is told, also when it gets the same inode', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 5));
  const { next } = await deliver(log, undefined);
  unlinkSync(log);
  writeFileSync(log, lines(6, 40));
  const second = await deliver(log, next);
  expect(second.text).toBe(lines(6, 40));
  expect(second.lost.map(({ path }) => path)).toEqual([log]);
});

test('what a writer adds to a file after its rotation comes, and its last line waits one run for its end', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 2));
  const { next } = await deliver(log, undefined);
  const writer = openSync(log, 'a');
  appendFileSync(writer, `${lines(3, 3)}not`);
  renameSync(log, `${log}.1`);
  writeFileSync(log, '');
  const second = await deliver(log, next);
  expect(second.text).toBe(lines(3, 3));
  appendFileSync(writer, ` yet\n${lines(4, 4)}end`);
  closeSync(writer);
  const third = await deliver(log, second.next);
  expect(third.text).toBe(`not yet\n${lines(4, 4)}`);
  const fourth = await deliver(log, third.next);
  expect(fourth.text).toBe('end');
  expect((await deliver(log, fourth.next)).text).toBe('');
});

test('two files with equal content are two files', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 3));
  const { next } = await deliver(log, undefined, fromStart);
  renameSync(log, `${log}.1`);
  writeFileSync(log, lines(1, 3));
  const second = await deliver(log, next);
  expect(second.text).toBe(lines(1, 3));
  expect((await deliver(log, second.next)).text).toBe('');
});

test('of a file so short that content cannot tell, the inode does', async () => {
  const log = newLog();
  writeFileSync(log, 'up\n');
  const { next } = await deliver(log, undefined, fromStart);
  renameSync(log, `${log}.1`);
  writeFileSync(log, 'up\nup\n');
  expect((await deliver(log, next)).text).toBe('up\nup\n');
});

test('a log that was copied into the place of the old one goes on where it was', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 5));
  const { next } = await deliver(log, undefined);
  copyFileSync(log, `${log}.new`);
  renameSync(`${log}.new`, log);
  appendFileSync(log, lines(6, 6));
  const second = await deliver(log, next);
  expect(second.text).toBe(lines(6, 6));
  expect(second.lost).toEqual([]);
});

test('a file that is compressed after it was delivered is not new, even when the followed one is lost', async () => {
  const log = newLog();
  writeFileSync(`${log}.1`, lines(1, 5));
  writeFileSync(log, lines(6, 9));
  const { next } = await deliver(log, undefined, fromStart);
  writeFileSync(`${log}.2.gz`, gzipSync(lines(1, 5)));
  const time = Number(BigInt(next.marks[0]!.identity.modified)) / 1e9;
  utimesSync(`${log}.2.gz`, time, time);
  unlinkSync(`${log}.1`);
  unlinkSync(log);
  writeFileSync(log, lines(10, 12));
  expect((await deliver(log, next)).text).toBe(lines(10, 12));
});

test('a rotated file in a compression that is not looked into is told as lost, once', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 5));
  const { next } = await deliver(log, undefined);
  writeFileSync(`${log}.1.xz`, Buffer.from('fd377a585a0000000000', 'hex'));
  unlinkSync(log);
  writeFileSync(log, lines(7, 7));
  const second = await deliver(log, next);
  expect(second.lost.map(({ path }) => path)).toEqual([log, `${log}.1.xz`]);
  expect(second.text).toBe(lines(7, 7));
  expect((await deliver(log, second.next)).lost).toEqual([]);
});

test('behind a symbolic link the rotated files stand beside its target', async () => {
  const log = newLog();
  const folder = join(log, '..', 'pods');
  mkdirSync(folder);
  writeFileSync(join(folder, '0.log'), lines(1, 2));
  symlinkSync(join(folder, '0.log'), log);
  const { next } = await deliver(log, undefined);
  appendFileSync(join(folder, '0.log'), lines(3, 3));
  renameSync(join(folder, '0.log'), join(folder, '0.log.20261120-101530'));
  writeFileSync(join(folder, '0.log'), lines(4, 4));
  expect((await deliver(log, next)).text).toBe(lines(3, 4));
});

test('a reader that stops midway goes on there, in a plain file and in a compressed one', async () => {
  const log = newLog();
  writeFileSync(`${log}.1.gz`, gzipSync(lines(1, 20)));
  writeFileSync(log, lines(21, 40));
  const first = await deliver(log, undefined, fromStart, { range: 0, lines: 12 });
  expect(first.text).toBe(lines(1, 12));
  const second = await deliver(log, first.next, {}, { range: 1, lines: 5 });
  expect(second.text).toBe(lines(13, 25));
  expect((await deliver(log, second.next)).text).toBe(lines(26, 40));
});

test('the descriptor of a range keeps its file when the name goes to another', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 2));
  const plan = await planReading(log, undefined, { fromStart: true, signal });
  unlinkSync(log);
  writeFileSync(log, lines(3, 4));
  expect(plan.ranges[0]!.end).toBe(lines(1, 2).length);
  expect(bytesOf(plan.ranges[0]!).toString()).toBe(lines(1, 2));
  plan.close();
});

test('a run that is killed before it writes its state delivers the same once more', async () => {
  const log = newLog();
  const state = join(log, '..', 'state.json');
  writeFileSync(log, lines(1, 5));
  writeState(state, { files: new Map([[log, (await deliver(log, undefined)).next]]) });
  appendFileSync(log, lines(6, 7));
  const known = (): FileCursor => readState(state)!.files.get(log)!;
  expect((await deliver(log, known())).text).toBe(lines(6, 7));
  renameSync(log, `${log}.1`);
  writeFileSync(log, lines(8, 8));
  const second = await deliver(log, known());
  expect(second.text).toBe(lines(6, 8));
  writeState(state, { files: new Map([[log, second.next]]) });
  expect((await deliver(log, known())).text).toBe('');
});

test('in a file of 10 GiB the position is found by a few bytes', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 5));
  truncateSync(log, 10 * 1024 ** 3);
  appendFileSync(log, `\n${lines(6, 7)}`);
  const { next } = await deliver(log, undefined);
  appendFileSync(log, lines(8, 8));
  const second = await deliver(log, next);
  expect(second.text).toBe(lines(8, 8));
  expect((await deliver(log, second.next)).ranges).toEqual([]);
});

test('a link in a circle beside the log does not hide it', async () => {
  const log = newLog();
  symlinkSync(`${log}.1`, `${log}.1`);
  writeFileSync(log, lines(1, 1));
  expect((await deliver(log, undefined, fromStart)).text).toBe(lines(1, 1));
});

test('a folder has no position', async () => {
  await expect(planReading(base, undefined, { fromStart: false, signal })).rejects.toThrow(UserError);
});

test('an aborted signal ends the search', async () => {
  const log = newLog();
  writeFileSync(log, lines(1, 2));
  const reason = new Error('enough');
  const aborted = { fromStart: false, signal: AbortSignal.abort(reason) };
  await expect(planReading(log, undefined, aborted)).rejects.toBe(reason);
});

test.each([
  ['of several frames', (text: string) => [zstdCompressSync(text.slice(0, 30)), zstdCompressSync(text.slice(30))]],
  [
    'that begin with a skippable frame, as pzstd writes them',
    (text: string) => [Buffer.from('502a4d180400000001020304', 'hex'), zstdCompressSync(text)],
  ],
])('the place is found in zstd files %s', async (_, compress) => {
  const log = newLog();
  writeFileSync(log, lines(1, 4));
  const { next } = await deliver(log, undefined);
  appendFileSync(log, lines(5, 6));
  const whole = lines(1, 6);
  rmSync(log);
  writeFileSync(`${log}.1.zst`, Buffer.concat(compress(whole)));
  writeFileSync(log, lines(7, 7));
  const { ranges, lost } = await deliver(log, next);
  expect(ranges.map(({ kind, start }) => [kind, start])).toEqual([
    ['zstd', lines(1, 4).length],
    ['plain', 0],
  ]);
  expect(lost).toEqual([]);
});

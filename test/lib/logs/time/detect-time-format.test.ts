import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detectTimeFormat } from '../../../../src/lib/logs/time/detect-time-format.ts';
import { parseTimeFormat, timeFormatNames } from '../../../../src/lib/logs/time/parse-time-format.ts';
import { programLines } from './program-lines.ts';
import { contextOf, detectAndRead } from './read-line.ts';

const time = '2026-11-20T14:00:05.000Z';

test.each([
  ['nothing', []],
  ['empty lines', ['', '', '']],
  ['text', ['Dear all,', 'see you at 14:00.', 'Yours, 2026']],
  ['telephone numbers', ['0123456789', '+49 170 1234567', '9876543210 Anna']],
  ['seconds since boot', ['[    0.000000] Linux version 6.1.0', '[   12.345678] eth0: link up']],
  ['times of day', ['14:00:05.123 [main] INFO x', '14:00:06.123 [main] INFO y']],
  ['one date deep in a long text', [...Array.from({ length: 30 }, () => 'some text'), 'made on 2026-11-20 14:00:05']],
])('in %s no time is found', (_, lines) => {
  expect(detectAndRead(lines).name).toBeUndefined();
});

test('a banner and a stack trace before the first time do no harm', () => {
  const banner = Array.from({ length: 300 }, (_, index) => `   .   ____  ${index}`);
  const lines = [...banner, 'java.lang.Error: x', '\tat a.B.c(B.java:1)', '2026-11-20 14:00:05 INFO up'];
  const { name, times } = detectAndRead(lines);
  expect(name).toBe('iso');
  expect(times.filter((one) => one !== undefined)).toEqual([time]);
});

test('lines that quote times do not outvote those that begin with one', () => {
  const record = 'Nov 20 14:00:05 web-1 app: query';
  const quoted = 'where created > 2020-01-01 00:00:00 and';
  expect(detectAndRead([record, quoted, quoted, quoted])).toEqual({
    name: 'syslog',
    times: [time, undefined, undefined, undefined],
  });
});

test('the format of most lines is taken', () => {
  const old = '261120 14:00:05 [Note] old server';
  const current = '2026-11-20T14:00:05Z 0 [Note] new server';
  expect(detectAndRead([old, current, current])).toEqual({ name: 'iso', times: [undefined, time, time] });
});

test('of as many lines of two formats the order decides, not which came first', () => {
  const syslog = 'Nov 20 14:00:05 web-1 x: y';
  const iso = '2026-11-20 14:00:05 y';
  expect(detectAndRead([syslog, iso]).name).toBe('iso');
  expect(detectAndRead([iso, syslog]).name).toBe('iso');
});

test('a level of any length before the time is one field', () => {
  const lines = [
    'INFO  2026-11-20 14:00:05 x',
    'ERROR 2026-11-20 14:00:05 x',
    '[WARN] [2026-11-20 14:00:05] x',
    '  at y',
  ];
  expect(detectAndRead(lines).times).toEqual([time, time, time, undefined]);
});

test('a field that differs from line to line is looked for in each', () => {
  const lines = [
    'build job\tset up\t2026-11-20T14:00:05Z x',
    'test\trun\t2026-11-20T14:00:05Z y',
    'a b c\td\t2026-11-20T14:00:05Z',
  ];
  expect(detectAndRead(lines).times).toEqual([time, time, time]);
});

test('colours before the time of any line are skipped', () => {
  const lines = [
    '\u001B[1;31m2026-11-20 14:00:05\u001B[0m x',
    '2026-11-20 14:00:05 x',
    '\u001B[0m\u001B[36m[2026-11-20 14:00:05]',
  ];
  expect(detectAndRead(lines)).toEqual({ name: 'iso', times: [time, time, time] });
});

test('a byte order mark, carriage returns and the lack of a last line feed change nothing', () => {
  const bytes = Buffer.from('\uFEFF2026-11-20 14:00:05\r\n2026-11-20 14:00:05');
  const format = detectTimeFormat(bytes, contextOf('UTC'))!;
  expect(format.read(bytes, 0, 23)).toBe(Date.parse(time));
  expect(format.read(bytes, 24, bytes.length)).toBe(Date.parse(time));
});

test('a line is read alike whatever was read before', () => {
  const bytes = programLines.map(({ line }) => Buffer.from(line));
  const context = contextOf('Europe/Berlin');
  for (const one of bytes) {
    const used = detectTimeFormat([one], context)!;
    const before = bytes.map((line) => used.read(line, 0, line.length));
    const again = bytes.toReversed().map((line) => used.read(line, 0, line.length));
    expect(again.toReversed()).toEqual(before);
  }
});

test('no bytes make a format throw or give a time that is no number', () => {
  const context = contextOf('Europe/Berlin');
  const samples = programLines.map(({ line }) => Buffer.from(line));
  const formats = [
    ...samples.map((sample) => detectTimeFormat([sample], context)!),
    ...timeFormatNames.map((name) => parseTimeFormat(name)(context, [])),
    parseTimeFormat('%d.%m.%Y %H:%M:%S')(context, []),
  ];
  const mutated = fc
    .tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 6 }), fc.nat(150))
    .map(([sample, changes, length]) => {
      const bytes = Buffer.from(sample.subarray(0, length));
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
      return bytes;
    });
  const anything = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(mutated, anything), fc.nat(20), (bytes, start) => {
      for (const format of formats) {
        const from = Math.min(start, bytes.length);
        const read = format.read(bytes, from, bytes.length);
        expect(read === undefined || (Number.isFinite(read) && read >= -86_400_000)).toBe(true);
      }
      detectTimeFormat(bytes, context);
    }),
    { numRuns: 1500 },
  );
});

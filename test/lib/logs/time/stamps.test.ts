import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTimeFormat } from '../../../../src/lib/logs/time/parse-time-format.ts';
import { contextOf, readAs } from './read-line.ts';

test.each([
  ['iso', '2026-02-29 12:00:00'],
  ['iso', '2026-13-01 12:00:00'],
  ['iso', '2026-00-10 12:00:00'],
  ['iso', '2026-11-00 12:00:00'],
  ['iso', '2026-11-31 12:00:00'],
  ['iso', '2026-11-20 24:00:00'],
  ['iso', '2026-11-20 12:60:00'],
  ['iso', '2026-11-20 12:00:61'],
  ['iso', '2026-11-20 12:00:123'],
  ['iso', '2026-11/20 12:00:00'],
  ['iso', '2026-11-20'],
  ['iso', '2026-11-20_12:00:00'],
  ['iso', '12026-11-20 12:00:00'],
  ['iso', '0001-01-01T00:00:00Z'],
  ['iso', ' \t2026-11-20 12:00'],
  ['clf', '[31/Feb/2026:12:00:00 +0000]'],
  ['clf', '[20/Nov/2026:25:00:00 +0000]'],
  ['clf', '[20/Now/2026:12:00:00 +0000]'],
  ['clf', '20/Nov/2026:12:00:00 +0000'],
  ['syslog', 'Feb 30 12:00:00 x'],
  ['syslog', 'Nov 31 12:00:00 x'],
  ['syslog', 'Nov  : 12:00:00 x'],
  ['syslog', 'Nov 20 2026 12:00'],
  ['syslog', 'Nov 2012:00:00 xyz'],
  ['klog', 'I1320 12:00:00.1 x'],
  ['klog', 'I0230 12:00:00.1 x'],
  ['klog', 'X1120 12:00:00.1 x'],
  ['klog', 'I112 12:00:00.123 x'],
  ['epoch', '12345.678 since boot'],
  ['epoch', '0123456789'],
  ['epoch', '9999999999'],
  ['epoch', '17951832051'],
  ['epoch', '1795183205s'],
  ['rfc5424', '<34>1 - host app'],
  ['rfc5424', '<34> 2026-11-20T14:00:05Z'],
  ['rfc5424', '<3456>1 2026-11-20T14:00:05Z'],
  ['%d.%m.%Y %H:%M:%S', '31.11.2026 12:00:00'],
  ['%d.%m.%Y %H:%M:%S', '30.11.26 12:00:00'],
  ['%j %Y', '366 2026'],
  ['%d %b %Y %I:%M %p', '20 Nov 2026 13:00 PM'],
  ['%d %b %Y %I:%M %p', '20 Nov 2026 01:00 XM'],
])('as %s there is no time in %j', (format, line) => {
  const context = contextOf('UTC');
  const bytes = Buffer.from(line);
  const good = Buffer.from('2026-11-20 12:00:00');
  const made = parseTimeFormat(format)(context, format === 'iso' ? [good] : [bytes]);
  expect(made.read(bytes, 0, bytes.length)).toBeUndefined();
});

test.each([
  ['iso', '2026-11-20 14:00:05 +0100 x', '2026-11-20T13:00:05.000Z'],
  ['iso', '2026-11-20T14:00:05-03:30', '2026-11-20T17:30:05.000Z'],
  ['iso', '2026-11-20T14:00:05+02', '2026-11-20T12:00:05.000Z'],
  ['iso', '2026-11-20 14:00:05 -10 items', '2026-11-20T14:00:05.000Z'],
  ['iso', '2026-11-20 14:00:05-14:10:00 window', '2026-11-20T14:00:05.000Z'],
  ['iso', '2026-11-20 14:00:05 EST x', '2026-11-20T19:00:05.000Z'],
  ['iso', '2026-11-20 14:00:05 ESTATE', '2026-11-20T14:00:05.000Z'],
  ['iso', '2026-11-20 14:00:05 CST x', '2026-11-20T14:00:05.000Z'],
  ['iso', '2026-11-20 14:00:05Zulu', '2026-11-20T14:00:05.000Z'],
  ['iso', '2026-11-20 14:00: x', '2026-11-20T14:00:00.000Z'],
  ['iso', '2026-11-20t14:00:05.5z', '2026-11-20T14:00:05.500Z'],
  ['iso', '2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
  ['iso', '2024-02-29 12:00', '2024-02-29T12:00:00.000Z'],
  ['iso', '2000-02-29 12:00', '2000-02-29T12:00:00.000Z'],
  ['syslog', 'nov 5 14:00:05.25 x', '2026-11-05T14:00:05.250Z'],
  ['epoch', '1795183205', '2026-11-20T14:00:05.000Z'],
  ['epoch', '1795183205,25 x', '2026-11-20T14:00:05.250Z'],
  ['epoch', '1795183205123 x', '2026-11-20T14:00:05.123Z'],
  ['epoch', '1795183205123456 x', '2026-11-20T14:00:05.123Z'],
  ['epoch', '1795183205123456789 x', '2026-11-20T14:00:05.123Z'],
  ['epoch', 'type=SYSCALL msg=audit(1795183205.123:77): x', undefined],
  ['audit(%s.%f', 'type=SYSCALL msg=audit(1795183205.123:77): x', '2026-11-20T14:00:05.123Z'],
])('as %s, %j is %s', (format, line, expected) => {
  expect(readAs(format, line)).toBe(expected);
});

test('nanoseconds are as exact as a double holds them', () => {
  const bytes = Buffer.from('2026-11-20T14:00:05.123456789Z');
  const format = parseTimeFormat('iso')(contextOf('UTC'), [bytes]);
  expect(format.read(bytes, 0, bytes.length)).toBe(Number('1795183205123.456789'));
});

test('a fraction counts to the ninth digit, however many there are', () => {
  const format = parseTimeFormat('iso')(contextOf('UTC'), [Buffer.from('1970-01-01T00:00:00Z')]);
  const read = (line: string): number | undefined => format.read(Buffer.from(line), 0, line.length);
  expect(read('1970-01-01T00:00:00.123456789Z')).toBe(123.456789);
  expect(read(`1970-01-01T00:00:00.123456789${'9'.repeat(400)}Z`)).toBe(123.456789);
  expect(read('1970-01-01T00:00:00.0000012Z')).toBe(0.0012);
});

test('a line that ends within its time is not read on into the next', () => {
  const lines = { iso: '2026-11-20T14:00:05.123+01:00', clf: '[20/Nov/2026:14:00:05 +0100', syslog: 'Nov 20 14:00:05' };
  for (const [name, line] of Object.entries(lines)) {
    const bytes = Buffer.from(line);
    const format = parseTimeFormat(name)(contextOf('UTC'), [bytes]);
    for (let end = 0; end < bytes.length; end++) {
      const cut = Buffer.from(line.slice(0, end));
      expect(format.read(bytes, 0, end)).toBe(format.read(cut, 0, end));
    }
  }
});

/** Writers of one instant, by the name of the format that reads them. */
const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const clock = (date: Date): string => date.toISOString().slice(11, 23);
const monthOf = (date: Date): string => months[date.getUTCMonth()]!;
const writers: readonly [format: string, write: (date: Date) => string][] = [
  ['iso', (date) => date.toISOString()],
  ['iso', (date) => `INFO ${date.toISOString().replace('T', ' ').replace('.', ',')}`],
  [
    'clf',
    (date) => `::1 - - [${pad(date.getUTCDate())}/${monthOf(date)}/${date.getUTCFullYear()}:${clock(date)} +0000]`,
  ],
  ['syslog', (date) => `${monthOf(date)} ${String(date.getUTCDate()).padStart(2)} ${clock(date)} host`],
  ['klog', (date) => `W${pad(date.getUTCMonth() + 1)}${pad(date.getUTCDate())} ${clock(date)}000 1 x]`],
  ['epoch', (date) => `[${(date.getTime() / 1000).toFixed(3)}] x`],
  ['json', (date) => `{"a":[{"time":1}],"ts":${date.getTime()}}`],
  ['json', (date) => `{"msg":"\\"time\\":1","time":"${date.toISOString()}"}`],
  ['logfmt', (date) => `level=info time="${date.toISOString()}" x=1`],
  ['rfc5424', (date) => `<1>1 ${date.toISOString()} host`],
  [
    '%A, %d %B %Y %T.%f',
    (date) => `Friday, ${date.getUTCDate()} ${monthOf(date)} ${date.getUTCFullYear()} ${clock(date)}`,
  ],
  [
    '%d/%m/%y %I:%M:%S.%f %p',
    (date) => {
      const hour = date.getUTCHours();
      const time = `${pad(hour % 12 === 0 ? 12 : hour % 12)}${clock(date).slice(2)} ${hour < 12 ? 'AM' : 'pm'}`;
      return `${pad(date.getUTCDate())}/${pad(date.getUTCMonth() + 1)}/${pad(date.getUTCFullYear() % 100)} ${time}`;
    },
  ],
];

test.each(writers)('what is written as %s is read as the same instant', (format, write) => {
  const context = contextOf('UTC', '2026-11-21T08:00:00Z');
  const latest = context.modifiedSeconds * 1000 + 86_400_000;
  // A date without a year is that of the last one: nothing older than a year, and no Feb 29 in it.
  fc.assert(
    fc.property(fc.integer({ min: latest - 364 * 86_400_000, max: latest }), (time) => {
      expect(readAs(format, write(new Date(time)), context)).toBe(new Date(time).toISOString());
    }),
    { numRuns: 300 },
  );
});

test('a date of any year is read as Date reads it', () => {
  const bytes = Buffer.from('2026-11-20T00:00:00Z');
  const format = parseTimeFormat('iso')(contextOf('UTC'), [bytes]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (time) => {
      const line = Buffer.from(new Date(time).toISOString());
      expect(format.read(line, 0, line.length)).toBe(time);
    }),
    { numRuns: 2000 },
  );
});

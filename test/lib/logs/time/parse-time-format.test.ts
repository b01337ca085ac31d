import { expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { parseTimeFormat } from '../../../../src/lib/logs/time/parse-time-format.ts';
import { contextOf, readAs } from './read-line.ts';

const time = '2026-11-20T14:00:05.000Z';

test.each([
  ['%d.%m.%Y %H:%M:%S,%f', '20.11.2026 14:00:05,000 x'],
  ['%d.%m.%Y %H:%M:%S', '20.11.2026 14:00:05 x'],
  ['%d/%b/%Y:%T %z', '10.1.2.3 - - [20/Nov/2026:15:00:05 +0100] "GET"'],
  ['[%d/%b/%Y:%T', '10.1.2.3 - - [20/Nov/2026:14:00:05 +0100] "GET"'],
  ['%F %T', '|2026-11-20  14:00:05|'],
  ['%e. %B %Y, %H:%M:%S', '20. November 2026, 14:00:05'],
  ['%m/%d/%Y %l:%M:%S %p', '11/20/2026  2:00:05 PM'],
  ['%D %R:%S', '11/20/26 14:00:05'],
  ['%Y%j %k:%M:%S', '2026324 14:00:05'],
  ['%j %H:%M:%S', 'on 324 14:00:05'],
  ['%s', 'at=1795183205'],
  ['%s.%N', 'audit(1795183205.000000:1)'],
  ['%a %b %d %H:%M:%S %Z %Y', 'Fri Nov 20 15:00:05 CET 2026'],
  ['%a %b %d %H:%M:%S %Z %Y', 'Fri Nov 20 14:00:05 IST 2026'],
  ['%b %d %H:%M:%S', 'x (Nov 20 14:00:05)'],
  ['%y%m%d-%H%M%S', 'run_261120-140005.log'],
  ['%d%%%m%%%Y%t%H:%M:%S', '20%11%2026 14:00:05'],
])('the pattern %s reads %j', (pattern, line) => {
  expect(readAs(pattern, line)).toBe(time);
});

test('the place of a pattern is learnt, so that a line that quotes a time elsewhere has none', () => {
  const record = 'web-1 20.11.2026 14:00:05 request';
  const quote = 'the booking of 20.11.2026 14:00:05 failed';
  const format = parseTimeFormat('%d.%m.%Y %H:%M:%S')(
    contextOf('UTC'),
    Buffer.from(`${`${record}\n`.repeat(5)}${quote}\n`),
  );
  const read = (line: string): number | undefined => format.read(Buffer.from(line), 0, line.length);
  expect(read(record)).toBe(Date.parse(time));
  expect(read(quote)).toBeUndefined();
});

test('the place is the start of the line when a quarter of the times are there', () => {
  const lines = ['2026-11-20 14:00:05 x', ...Array.from({ length: 3 }, () => 'since 2020-01-01 00:00:00')];
  const read = (sample: string[]): (number | undefined)[] => {
    const format = parseTimeFormat('iso')(contextOf('UTC'), Buffer.from(sample.join('\n')));
    return sample.map((line) => format.read(Buffer.from(line), 0, line.length));
  };
  expect(read(lines)).toEqual([Date.parse(time), undefined, undefined, undefined]);
  expect(read([...lines, lines[1]!])[4]).toBe(Date.parse('2020-01-01T00:00:00Z'));
});

test.each([
  ['%d.%m.%Y %Q', 10, '%Q'],
  ['%', 1, 'bare %'],
  ['%d.%m.%Y %', 10, 'bare %'],
  ['\u{1F552} %c', 3, '%c'],
  ['%%%U', 3, '%U'],
])('the pattern %s is refused with the column of what is wrong', (pattern, column, what) => {
  expect(() => parseTimeFormat(pattern)).toThrow(UserError);
  expect(() => parseTimeFormat(pattern)).toThrow(new RegExp(`${what}.*column ${column}\\)`));
});

test.each([
  ['%H:%M:%S', 'it has no date'],
  ['%Y-%m', 'it has no date'],
  ['%d %d %m', '%d stands twice'],
  [`%d%m${'x'.repeat(300)}`, 'too long'],
  ['isoo', "'isoo' is not a time format"],
  ['', 'is not a time format'],
])('%s is refused: %s', (text, message) => {
  expect(() => parseTimeFormat(text)).toThrow(message);
});

test('a name that is nearly one is answered with it', () => {
  let failure: unknown;
  try {
    parseTimeFormat('syslogg');
  } catch (error) {
    failure = error;
  }
  expect(failure).toMatchObject({ code: 'usage', hints: ["did you mean 'syslog'?"] });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSchedule } from '../../../src/lib/schedule/parse-schedule.ts';
import { parseHolidays, readHolidays } from '../../../src/lib/schedule/read-holidays.ts';

const unix = (text: string): number => Date.parse(text) / 1000;
const signal = new AbortController().signal;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-holidays-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

// 2026-12-25 is a Friday, 2026-12-28 a Monday.
test.each([
  [
    'what would come on during it comes at the same time of the next day',
    { off: 'Fri 19:00 - Mon 07:00' },
    ['2026-12-28'],
    '2026-12-27',
    ['29 07:00 on'],
  ],
  [
    'also behind several of them',
    { off: 'Fri 19:00 - Mon 07:00' },
    ['2026-12-28', '2026-12-29', '2026-12-30'],
    '2026-12-27',
    ['31 07:00 on'],
  ],
  [
    'a weekend is made longer',
    { off: 'weekend' },
    ['2026-12-25', '2026-12-28'],
    '2026-12-24',
    ['25 00:00 off', '29 00:00 on'],
  ],
  [
    'in the middle of what is on, it is off from midnight to midnight',
    { off: 'weekend' },
    ['2026-12-23'],
    '2026-12-22',
    ['23 00:00 off', '24 00:00 on', '26 00:00 off'],
  ],
  [
    'nights go on over it',
    { off: 'nights' },
    ['2026-12-23'],
    '2026-12-22T12:00',
    ['22 19:00 off', '24 07:00 on', '24 19:00 off'],
  ],
  [
    'what is off anyway behind it stays off',
    { on: 'office-hours' },
    ['2026-12-25'],
    '2026-12-24T12:00',
    ['24 19:00 off', '28 07:00 on'],
  ],
  [
    'what went off again during it delays nothing',
    { on: 'Fri 20:00 - 22:00, Sat 08:00 - 10:00' },
    ['2026-12-25'],
    '2026-12-24',
    ['26 08:00 on', '26 10:00 off'],
  ],
  [
    'what would come on and go off again during it is left out',
    { on: '09:00 - 17:00' },
    ['2026-12-25'],
    '2026-12-25',
    ['26 09:00 on'],
  ],
  [
    'something late that stays on overnight comes late',
    { on: '22:00 - 04:00' },
    ['2026-12-25'],
    '2026-12-24T12:00',
    ['24 22:00 on', '25 00:00 off', '26 22:00 on'],
  ],
  [
    'something that was on the night before',
    { on: '22:00 - 20:00' },
    ['2026-12-25'],
    '2026-12-24T23:00',
    ['25 00:00 off', '26 22:00 on'],
  ],
])('holidays: %s', (_, words, dates, from, expected) => {
  const schedule = parseSchedule({ ...words, zone: 'UTC', holidays: new Set(dates) });
  const told: string[] = [];
  for (const { at, to } of schedule.transitionsAfter(unix(`${from.padEnd(11, 'T').padEnd(16, '00:00')}Z`) - 1)) {
    told.push(`${new Date(at * 1000).toISOString().slice(8, 16).replace('T', ' ')} ${to}`);
    if (told.length === expected.length) break;
  }
  expect(told).toEqual(expected);
});

test('a holiday is one of the calendar of its zone', () => {
  const schedule = parseSchedule({ off: 'weekend', zone: 'Pacific/Auckland', holidays: new Set(['2026-12-23']) });
  expect(schedule.at(unix('2026-12-22T10:59:59Z')).desired).toBe('on');
  expect(schedule.at(unix('2026-12-22T11:00:00Z')).desired).toBe('off');
  expect(schedule.at(unix('2026-12-23T11:00:00Z'))).toEqual({ desired: 'on', since: unix('2026-12-23T11:00:00Z') });
});

test('when each day is a holiday it is off, and there are no transitions', () => {
  const day = 86_400;
  const dates = Array.from({ length: 1600 }, (_, index) =>
    new Date((unix('2025-01-01') + index * day) * 1000).toISOString().slice(0, 10),
  );
  const schedule = parseSchedule({ off: 'weekend', zone: 'UTC', holidays: new Set(dates) });
  expect(schedule.at(unix('2027-01-01'))).toEqual({ desired: 'off' });
  expect([...schedule.transitionsAfter(unix('2027-01-01'))]).toEqual([]);
});

test('a file of dates may have comments, names behind the dates, a heading, blank lines and the line ends of Windows', async () => {
  const file = join(folder, 'good.csv');
  const text =
    '\uFEFFdate,name\r\n# fixed\r\n2026-12-25,"Christmas Day, first"\r\n\r\n "2026-12-26" \r\n2028-02-29 # leap\r\n2027-01-01;Neujahr';
  writeFileSync(file, text);
  expect(await readHolidays(file, signal)).toEqual(new Set(['2026-12-25', '2026-12-26', '2028-02-29', '2027-01-01']));
  expect(parseHolidays('', 'none')).toEqual(new Set());
});

test('every line without a date is told by its number', () => {
  const text =
    '2026-12-25\n25.12.2026\n2027-02-29\n2026-13-01\n2026-1-1\ndate\n2026-12-26T00:00\n2026-00-10\n2026-04-31';
  expect(() => parseHolidays(text, 'list')).toThrow(
    "holidays 'list': no date on line 2: '25.12.2026', line 3: '2027-02-29', line 4: '2026-13-01', line 5: '2026-1-1', line 6: 'date', line 7: '2026-12-26T00:00', line 8: '2026-00-10', line 9: '2026-04-31'",
  );
  const bad = Array.from({ length: 500 }, (_, index) => `bad ${index}`).join('\n');
  expect(() => parseHolidays(bad, 'list')).toThrow(/line 10: 'bad 9', and 490 more lines$/);
});

test('a file that is not there, is a folder or is larger than 1 MiB is refused', async () => {
  await expect(readHolidays(join(folder, 'none'), signal)).rejects.toThrow(/cannot read .*none': no such file/);
  await expect(readHolidays(folder, signal)).rejects.toThrow(/is a directory/);
  await expect(readHolidays('/dev/zero', signal)).rejects.toThrow(/larger than 1/);
});

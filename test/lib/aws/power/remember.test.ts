import { expect, test } from 'vitest';
import {
  formatGroupMark,
  formatStopMark,
  type GroupMark,
  isValidMark,
  legalBy,
  parseGroupMark,
  parseStopMark,
} from '../../../../src/lib/aws/power/remember.ts';

const at = Date.parse('2026-11-20T19:00:00Z') / 1000;
const run = '20261120T190000Z-x7k2';

test('the mark of an instance is read as it was written', () => {
  const value = formatStopMark({ at: at + 0.7, run, by: 'Fri 19:00 - Mon 07:00 Europe/Berlin' });
  expect(value).toBe(`v1 at=2026-11-20T19:00:00Z run=${run} by=Fri 19:00 - Mon 07:00 Europe/Berlin`);
  expect(parseStopMark(value)).toEqual({ at, run, by: 'Fri 19:00 - Mon 07:00 Europe/Berlin' });
});

test.each<GroupMark>([
  { mode: 'suspend', at, run, by: 'weekend UTC', had: 'AZ' },
  { mode: 'suspend', at, run, by: 'manual', had: '' },
  { mode: 'zero', at, run, by: 'weekend UTC', min: 1, max: 4, desired: 2 },
])('the mark of a group is read as it was written: $mode $by', (mark) => {
  expect(parseGroupMark(formatGroupMark(mark))).toEqual(mark);
});

test('the longest name of a schedule fits into a tag, with what every service allows', () => {
  const by = legalBy(`tag:${'ä(;)'.repeat(100)}`);
  expect(by).toMatch(/^[a-zA-Z0-9 +\-=._:/@]{120}$/);
  const mark: GroupMark = { mode: 'zero', at, run, by, min: 999_999, max: 999_999, desired: 999_999 };
  expect(formatGroupMark(mark).length).toBeLessThanOrEqual(256);
  expect(parseGroupMark(formatGroupMark(mark))).toEqual(mark);
});

test.each([
  ['', 1, 'v1 is missing'],
  ['stopped', 1, 'v1 is missing'],
  ['v1', 4, 'at= is missing'],
  ['v1 run=x by=y', 4, 'at= is missing'],
  [`v1 at=2026-11-20T19:00:00Z by=y`, 28, 'run= is missing'],
  [`v1 at=2026-11-20T25:00:00Z run=x by=y`, 7, "'2026-11-20T25:00:00Z' is no time"],
  [`v1 at=2026 run=x by=y`, 7, "'2026' is no time"],
])('%s: column %i, %s', (value, column, what) => {
  expect(() => parseStopMark(value)).toThrow(`tag devops:stopped, column ${column}: ${what} in '${value}'`);
});

test('a value of 256 characters that means nothing is one clear line', () => {
  expect(() => parseStopMark('='.repeat(256))).toThrow(/^tag devops:stopped, column 1: v1 is missing in '={256}'$/);
});

test('a mark of a newer version is told as that', () => {
  expect(() => parseStopMark('v2 at=x')).toThrow('was written by a newer devops');
  expect(() => parseGroupMark('v12 zero')).toThrow('was written by a newer devops');
});

test('a mark is valid as long as nobody has started the instance since', () => {
  expect(isValidMark({ at, run, by: 'manual' }, at)).toBe(true);
  expect(isValidMark({ at, run, by: 'manual' }, at + 0.9)).toBe(true);
  expect(isValidMark({ at, run, by: 'manual' }, at + 1)).toBe(false);
});

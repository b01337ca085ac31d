import { expect, test } from 'vitest';
import { labelledNumber, labelledText, required, wholeNumber } from '../../../src/lib/system/kernel-text.ts';

test.each(['max', '-1', '', ' ', '1.5', '0x10', '1e3', '12 kB', 'NaN', undefined])('%j is no whole number', (text) => {
  expect(wholeNumber(text)).toBeUndefined();
});

test('a whole number may stand between blanks', () => {
  expect(wholeNumber(' 42\n')).toBe(42);
  expect(wholeNumber('9223372036854771712')).toBeGreaterThan(2 ** 62);
});

test('a label is found at the start of a line only, and not as the beginning of a longer one', () => {
  const text = 'oom_kill_disable 0\nx oom_kill 1\noom_kill 3\n';
  expect(labelledNumber(text, 'oom_kill ')).toBe(3);
  expect(labelledNumber(text, 'oom_kill_disable ')).toBe(0);
  expect(labelledNumber(text, 'oom ')).toBeUndefined();
});

test('the unit kB is left off and any other text makes no number', () => {
  expect(labelledNumber('MemTotal:       24684092 kB', 'MemTotal:')).toBe(24_684_092);
  expect(labelledNumber('MemTotal:       24684092 MB', 'MemTotal:')).toBeUndefined();
});

test('the last line needs no line feed', () => {
  expect(labelledText('Name:\tsleep\nUid:\t0\t1', 'Uid:')).toBe('0\t1');
});

test('a number that must be there is named when it is not', () => {
  expect(() => required(undefined, '/proc/meminfo', 'MemTotal')).toThrow(
    expect.objectContaining({ name: 'SyntaxError', message: '/proc/meminfo has no MemTotal' }),
  );
});

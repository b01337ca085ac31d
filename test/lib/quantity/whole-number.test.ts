import { expect, test } from 'vitest';
import { wholeNumber } from '../../../src/lib/quantity/whole-number.ts';

test('a whole number within the bounds is read', () => {
  expect(wholeNumber(0)('0')).toBe(0);
  expect(wholeNumber(1)('1000000000000')).toBe(1e12);
  expect(wholeNumber(1, 4096)('4096')).toBe(4096);
});

test.each(['-1', '1.5', '', ' 1', '1e3', '0x1', 'x', '99999999999999999'])('%j is none', (text) => {
  expect(() => wholeNumber(0)(text)).toThrow(`'${text}' is not a whole number`);
});

test('one that is out of bounds is refused with the bounds', () => {
  expect(() => wholeNumber(1, 4096)('4097')).toThrow("'4097' is not a number from 1 to 4096");
  expect(() => wholeNumber(1)('0')).toThrow("'0' is not a whole number of 1 or more");
});

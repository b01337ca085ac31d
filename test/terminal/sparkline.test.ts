import { expect, test } from 'vitest';
import { sparkline } from '../../src/terminal/sparkline.ts';

test.each([
  [[0, 1, 2, 3, 4, 5, 6, 7, 8], 9, 8, '▁▂▃▄▅▆▇██'],
  [[1, 2, 3, 4], 2, 4, '▇█'],
  [[4], 3, 4, '  █'],
  [[], 3, 4, '   '],
  [[0, undefined, 4, NaN], 4, 4, '▁ █ '],
  [[-5, 500, Infinity], 3, 4, '▁█ '],
  [[1, 2], 2, 0, '▁▁'],
  [[1, 2], 2, NaN, '▁▁'],
  [[1, 2, 3], 0, 4, ''],
  [[1, 2, 3], -2, 4, ''],
])('%j in %i cells up to %d is "%s"', (values, cells, maximum, line) => {
  expect(sparkline(values, cells, maximum, true)).toBe(line);
});

test('where the locale has no UTF-8 it is ASCII', () => {
  expect(sparkline([0, 4, 8], 3, 8, false)).toBe('_+@');
});

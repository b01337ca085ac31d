import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/lib/quantity/duration.ts';

test.each([
  ['0', 0],
  ['0s', 0],
  ['250ms', 0.25],
  ['90s', 90],
  ['1.5h', 5400],
  ['2h30m', 9000],
  ['1w2d3h4m5s6ms', 788_645.006],
  ['7d', 604_800],
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBeCloseTo(seconds, 9);
});

test.each([
  '',
  '5',
  '0.0',
  's',
  '-5s',
  '+5s',
  '5 s',
  ' 5s',
  '5s ',
  '5s\n',
  '5S',
  '5M',
  '1y',
  '.5s',
  '1.s',
  '1,5s',
  '1e3s',
  '0x10s',
  '5ss',
  '2h30',
  '٥s',
  `${'9'.repeat(400)}s`,
])('%j is no duration, and the way to write one is told', (text) => {
  expect(() => parseDuration(text)).toThrow(
    expect.objectContaining({
      message: `'${text}' is not a duration`,
      code: 'usage',
      hints: [expect.stringContaining('90s, 15m, 2h30m or 7d')],
    }),
  );
});

test.each([
  [0, '0s'],
  [0.04, '0s'],
  [-0.04, '0s'],
  [0.25, '0.3s'],
  [9.94, '9.9s'],
  [9.96, '10s'],
  [59.4, '59s'],
  [59.6, '1m'],
  [725, '12m 5s'],
  [3599.7, '1h'],
  [3600, '1h'],
  [3605, '1h'],
  [86_399, '23h 59m'],
  [273_600, '3d 4h'],
  [-725, '-12m 5s'],
  [-9.96, '-10s'],
  [Infinity, 'never'],
  [NaN, 'never'],
])('%d seconds are shown as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('what is shown can be typed again, and is never more than a unit of the second part away', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (seconds) => {
      const again = parseDuration(formatDuration(seconds).replace(' ', ''));
      const slack = seconds < 10 ? 0.051 : seconds < 3600 ? 1 : seconds < 86_400 ? 60 : 3600;
      expect(Math.abs(again - seconds)).toBeLessThanOrEqual(slack);
    }),
  );
});

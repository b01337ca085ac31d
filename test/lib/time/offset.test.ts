import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatOffset, parseOffset } from '../../../src/lib/time/offset.ts';

test.each([
  ['Z', 0],
  ['z', 0],
  ['UTC', 0],
  ['gmt', 0],
  ['+02:00', 7200],
  ['-0330', -12_600],
  ['+05', 18_000],
  ['-00:00', 0],
  ['-00:44:30', -2670],
  ['+23:59', 86_340],
])('%s is %d seconds east of UTC', (text, seconds) => {
  expect(parseOffset(text)).toBe(seconds);
});

test.each(['', '02:00', '+2', '+2:00', '+24:00', '+02:60', '+02:00:60', '+020000', '+02:0', 'utc+2', ' Z', '+02:00\n'])(
  '%j is no offset',
  (text) => {
    expect(parseOffset(text)).toBeUndefined();
  },
);

test('what is shown reads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: -86_399, max: 86_399 }), (seconds) => {
      expect(parseOffset(formatOffset(seconds))).toBe(seconds === 0 ? 0 : seconds);
    }),
  );
  expect([0, 3600, -12_600, -2670].map(formatOffset)).toEqual(['+00:00', '+01:00', '-03:30', '-00:44:30']);
});

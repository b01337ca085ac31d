import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bar } from '../../src/terminal/bar.ts';

test.each([
  [0, '░░░░'],
  [0.5, '██░░'],
  [1, '████'],
  [1 / 32, '▏░░░'],
  [0.53, '██▏░'],
  [0.97, '███▉'],
  [-3, '░░░░'],
  [7, '████'],
  [Infinity, '████'],
  [NaN, '░░░░'],
])('a share of %d is %s', (share, drawn) => {
  const { filled, empty } = bar(share, 4, true);
  expect(filled + empty).toBe(drawn);
});

test('where the locale has no UTF-8 it is ASCII', () => {
  expect(bar(0.5, 4, false)).toEqual({ filled: '##', empty: '..' });
  expect(bar(NaN, 4, false)).toEqual({ filled: '', empty: '....' });
});

test('it always has its cells, and more is never drawn shorter', () => {
  const share = fc.double({ noNaN: true, min: 0, max: 1 });
  fc.assert(
    fc.property(share, share, fc.nat(60), fc.boolean(), (one, other, cells, unicode) => {
      const drawn = [Math.min(one, other), Math.max(one, other)].map((each) => bar(each, cells, unicode));
      for (const { filled, empty } of drawn) expect(filled.length + empty.length).toBe(cells);
      expect(drawn[1]!.filled.length).toBeGreaterThanOrEqual(drawn[0]!.filled.length);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paint } from '../../src/terminal/color.ts';
import { pad, truncate, width } from '../../src/terminal/width.ts';

test.each([
  ['', 0],
  ['plain', 5],
  ['Bücher', 6],
  ['書架', 4],
  ['ｶﾅ', 2],
  ['e\u0301', 1],
  ['a\u200Db', 2],
  ['❤\uFE0F', 1],
  ['😀', 2],
  ['█░▏─…', 5],
  [paint({ color: true }, 'red', '書'), 2],
])('%j takes %i cells', (text, cells) => {
  expect(width(text)).toBe(cells);
});

test.each([
  ['plain', 5, 'plain'],
  ['plain', 4, 'pla…'],
  ['plain', 1, '…'],
  ['plain', 0, ''],
  ['plain', -3, ''],
  ['書架', 3, '書…'],
  ['書架', 2, '…'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
])('%j in %i cells is %j', (text, cells, cut) => {
  expect(truncate(text, cells, true)).toBe(cut);
});

test('without UTF-8 the mark is ASCII', () => {
  expect(truncate('plain', 4, false)).toBe('pla~');
});

test('padding fills up to the cells, on either side, and cuts nothing', () => {
  expect(pad('書', 4)).toBe('書  ');
  expect(pad('書', 4, 'right')).toBe('  書');
  expect(pad('plain', 3)).toBe('plain');
  expect(width(pad(paint({ color: true }, 'red', 'x'), 3))).toBe(3);
});

test('what is cut and padded takes exactly its cells, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 30 }), (text, cells) => {
      expect(width(pad(truncate(text, cells, true), cells))).toBe(cells);
    }),
  );
});

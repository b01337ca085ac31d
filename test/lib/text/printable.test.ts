import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../../../src/lib/text/printable.ts';

test.each([
  ['colours', '\u001B[31mred', String.raw`\x1b[31mred`],
  ['the short form of an escape, C1', '\u009B2J', String.raw`\x9b2J`],
  ['a line feed, a tab', 'a\nb\tc', String.raw`a\nb\tc`],
  ['a carriage return, NUL, delete', '\r\u0000\u007F', String.raw`\x0d\x00\x7f`],
  ['the end of a line by C1', '\u0085', String.raw`\x85`],
  ['what turns the direction', '\u202Egnp.exe\u2066\u200F', String.raw`\u202egnp.exe\u2066\u200f`],
  ['what does not show', 'a\u200Bb\u2060\uFEFF\u00AD', String.raw`a\u200bb\u2060\ufeff\xad`],
  ['an Arabic sign without a place', '\u061C\u0600', String.raw`\u061c\u0600`],
  ['the separators of lines and paragraphs', '\u2028\u2029', String.raw`\u2028\u2029`],
  ['half of a pair', 'a\uD800b\uDC00', String.raw`a\ud800b\udc00`],
  ['a hidden tag', '\u{E0041}', String.raw`\u{e0041}`],
])('%s: shown as an escape', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test.each(['', 'plain', 'Bücher', '書', 'مرحبا', '😀', 'e\u0301', String.raw`back\slash \n`, '"quotes"', '\u00A0'])(
  '%j stays as it is',
  (text) => {
    expect(printable(text)).toBe(text);
  },
);

test('whatever comes in, one line without control or format characters comes out, and a second time changes nothing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.integer({ max: 0xffff }).map((code) => String.fromCharCode(Math.abs(code))) }),
      (characters, units) => {
        for (const text of [characters, units]) {
          const shown = printable(text);
          expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(printable(shown)).toBe(shown);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

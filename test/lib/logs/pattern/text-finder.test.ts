import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textFinder } from '../../../../src/lib/logs/pattern/text-finder.ts';

/** Few letters, of which H is rare in logs, so that anchors are found at wrong places all the time. */
const letters = fc.array(fc.constantFrom('H', 'e', 'a', ' ', '\n'), { maxLength: 400 }).map((list) => list.join(''));
const words = fc
  .array(fc.constantFrom('H', 'e', 'a', ' '), { minLength: 1, maxLength: 12 })
  .map((list) => list.join(''));

test('every place of a text is found, wherever its rarest byte stands', () => {
  fc.assert(
    fc.property(letters, words, (log, word) => {
      const bytes = Buffer.from(log);
      const text = Buffer.from(word);
      const find = textFinder(text);
      for (let from = 0; from <= bytes.length; from++) expect(find(bytes, from)).toBe(bytes.indexOf(text, from));
    }),
    { numRuns: 300 },
  );
});

test('a text whose rarest bytes are everywhere is found all the same', () => {
  const bytes = Buffer.from(`${'HTTP/1.1 200\n'.repeat(500)}HTTP/1.1 500\n`);
  const find = textFinder(Buffer.from('HTTP/1.1 500'));
  expect(find(bytes, 0)).toBe(6500);
  expect(find(bytes, 6501)).toBe(-1);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeOutNotes } from '../../../../src/lib/logs/journal/take-out-notes.ts';

function takeOut(chunks: readonly Buffer[]) {
  const notes = takeOutNotes();
  const texts = chunks.flatMap((chunk) => notes.push(chunk));
  return { text: Buffer.concat([...texts, ...notes.end()]).toString('latin1'), cursor: notes.cursor() };
}

test('the cursor is taken out of the lines and told', () => {
  expect(takeOut([Buffer.from('one\n-- Boot 12 --\ntwo\n-- cursor: s=1;t=2\n')])).toEqual({
    text: 'one\ntwo\n',
    cursor: 's=1;t=2',
  });
  expect(takeOut([Buffer.from('-- No entries --\n')])).toEqual({ text: '', cursor: undefined });
});

test('a line without an end is text, or a note, as its beginning says', () => {
  expect(takeOut([Buffer.from('one\n--')]).text).toBe('one\n--');
  expect(takeOut([Buffer.from('one\n-- cursor: t=1')])).toEqual({ text: 'one\n', cursor: 't=1' });
});

test('a long line is not waited for', () => {
  const notes = takeOutNotes();
  const line = Buffer.from(`-- ${'x'.repeat(5000)}`);
  expect(Buffer.concat(notes.push(line))).toEqual(line);
  expect(Buffer.concat(notes.push(Buffer.from('\n-- cursor: t=1\nend')))).toEqual(Buffer.from('\nend'));
});

test('the pieces in which the output comes make no difference', () => {
  const line = fc.constantFrom('one', '-- cursor: t=1', '--', '- -', ' -- cursor: t=9', '-- ', '', 'x-- cursor: t=8');
  const cuts = fc.array(fc.nat(6), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.boolean(), cuts, (lines, isWhole, lengths) => {
      const bytes = Buffer.from(lines.map((each) => `${each}\n`).join('') + (isWhole ? '' : 'rest'));
      const chunks: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const length = lengths[turn % lengths.length]! + (turn % lengths.length === 0 ? 1 : 0);
        chunks.push(bytes.subarray(at, at + length));
        at += length;
      }
      const kept = lines.filter((each) => !each.startsWith('-- '));
      expect(takeOut(chunks)).toEqual({
        text: kept.map((each) => `${each}\n`).join('') + (isWhole ? '' : 'rest'),
        cursor: lines.includes('-- cursor: t=1') ? 't=1' : undefined,
      });
    }),
  );
});

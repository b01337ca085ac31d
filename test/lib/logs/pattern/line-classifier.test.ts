import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import type { PatternOptions } from '../../../../src/lib/logs/pattern/pattern-tree.ts';
import { createLineClassifier } from '../../../../src/lib/logs/pattern/line-classifier.ts';
import { randomNumbers } from '../random-numbers.ts';

/** What each pattern alone says to the line. */
function oneByOne(patterns: readonly string[], options?: PatternOptions): (bytes: Buffer) => number[] {
  const compiled = patterns.map((pattern) => compilePatterns([pattern], options));
  return (bytes) => compiled.flatMap(({ matches }, index) => (matches(bytes, 0, bytes.length) ? [index] : []));
}

function classified(patterns: readonly string[], options?: PatternOptions): (bytes: Buffer) => readonly number[] {
  const { classify } = createLineClassifier(patterns, (matched) => matched, options);
  return (bytes) => classify(bytes, 0, bytes.length);
}

const atom = fc.constantFrom('a', 'b', 'ab', '.', '[^a]', '\\b', '\\B', '\\w', ' ', '^', '$', '(a|b )', '(^|b)', '\n');
const pattern = fc
  .array(fc.tuple(atom, fc.constantFrom('', '', '', '*', '+', '{2}')), { maxLength: 5 })
  .map((parts) => parts.map(([text, count]) => (text === '\n' ? text : text + count)).join(''));
const line = fc.string({ unit: fc.constantFrom('a', 'a', 'b', 'b', ' ', '_', 'é', '\r', 'B'), maxLength: 12 });

describe('createLineClassifier', () => {
  test('finds of random patterns those that match a line when each is looked for alone', () => {
    const options = fc.record({
      ignoreCase: fc.boolean(),
      word: fc.boolean(),
      line: fc.boolean(),
      fixed: fc.boolean(),
    });
    const property = fc.property(
      fc.array(pattern, { maxLength: 8 }),
      fc.array(line, { minLength: 1, maxLength: 20 }),
      options,
      (patterns, lines, chosen) => {
        const [expected, answered] = [oneByOne(patterns, chosen), classified(patterns, chosen)];
        for (const text of lines) expect(answered(Buffer.from(text))).toEqual(expected(Buffer.from(text)));
      },
    );
    fc.assert(property, { numRuns: 400 });
  });

  test('stays right when the states have been forgotten on the way, in bounded memory', () => {
    // Which of the last 20 bytes were an a: about every byte makes a state.
    const patterns = ['a[ab]{19}c', 'b[ab]{17}d', '^a.*c$', 'aab{3}(c|a{3}d)'];
    const letters = `${'ab'.repeat(20)}cd`;
    const [expected, answered] = [oneByOne(patterns), classified(patterns)];
    const random = randomNumbers(5);
    const before = process.memoryUsage().rss;
    const counts = new Map<string, number>();
    for (let turn = 0; turn < 400; turn++) {
      const bytes = Buffer.from(Array.from({ length: 200 }, () => letters.charCodeAt(random(42))));
      const found = answered(bytes);
      expect(found).toEqual(expected(bytes));
      counts.set(found.join(' '), (counts.get(found.join(' ')) ?? 0) + 1);
    }
    expect(counts.size).toBeGreaterThan(5);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });

  test('tells 200 patterns apart', () => {
    const patterns = Array.from({ length: 200 }, (_, index) => {
      const word = `w${index % 50}`;
      return [`${word}\\b`, `^${word} `, `${word}.*w${(index * 7) % 50}$`, `[a-f]+${word}|(?i)W${index}x`][index % 4]!;
    });
    const [expected, answered] = [oneByOne(patterns), classified(patterns)];
    const random = randomNumbers(11);
    for (let turn = 0; turn < 150; turn++) {
      const words = Array.from({ length: 8 }, () => `${['', '', 'ab', 'f'][random(4)]!}w${random(220)}`);
      const bytes = Buffer.from(words.join(random(2) === 0 ? ' ' : 'x '));
      expect(answered(bytes)).toEqual(expected(bytes));
    }
  });

  test('answers for any of several lines, whose ends are ends to the patterns too', () => {
    const { classify } = createLineClassifier(['one$', '^two', '^$', 'e.t'], (matched) => matched.join(' '));
    const answer = (text: string): string => classify(Buffer.from(text), 0, text.length);
    expect(answer('one\ntwo\n')).toBe('0 1');
    expect(answer('one\r\n\r\ntwo')).toBe('0 1 2');
    expect(answer('\n')).toBe('2');
    expect(answer('one two')).toBe('3');
  });

  test('sees nothing but the line', () => {
    const { classify } = createLineClassifier(['^a', 'a$', '\\ba\\b', 'xa'], (matched) => matched.join(' '));
    expect(classify(Buffer.from('xaxa'), 1, 2)).toBe('0 1 2');
  });

  test('asks its judge once a state, not once a line', () => {
    const asked: string[] = [];
    const { classify } = createLineClassifier(['ERROR', 'time'], (matched) => asked.push(matched.join(' ')));
    for (let turn = 0; turn < 1000; turn++) classify(Buffer.from('an ERROR in time'), 0, 16);
    expect(asked).toEqual(['0 1']);
  });

  test('answers for no pattern at all, and for an empty line', () => {
    expect(classified([])(Buffer.from('any'))).toEqual([]);
    expect(classified(['', 'x', '^$'])(Buffer.alloc(0))).toEqual([0, 2]);
  });

  test('keeps an answer that is undefined', () => {
    let asked = 0;
    const { classify } = createLineClassifier(['a'], () => void asked++);
    for (let turn = 0; turn < 3; turn++) expect(classify(Buffer.from('a'), 0, 1)).toBeUndefined();
    expect(asked).toBe(1);
  });

  test('takes linear time on a long line, whatever the patterns', () => {
    const patterns = ['(a*)*b', '(a|a)*c', '(.*)*x(.*)*y', '(x+x+)+y', '(a?){50}a{50}d', '\\b(\\w+\\s?)*$'];
    const bytes = Buffer.alloc(200_000, 'a');
    const started = performance.now();
    expect(classified(patterns)(bytes)).toEqual([5]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('refuses what is no pattern or too much', () => {
    expect(() => classified(['a', '(b'])).toThrow(UserError);
    expect(() => classified(Array.from({ length: 3000 }, () => 'a{1000}'))).toThrow(/many/);
  });
});

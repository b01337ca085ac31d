import { expect, test } from 'vitest';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import { randomNumbers, type RandomNumbers } from '../random-numbers.ts';

test('random patterns find in random lines what a backtracking matcher finds', () => {
  const random = randomNumbers(99);
  for (let turn = 0; turn < 3000; turn++) {
    const { text, isPlain } = alternatives(random, 3);
    const ignoreCase = random(4) === 0;
    const oracle = new RegExp(text, ignoreCase ? 'i' : '');
    const { find, matches, scan } = compilePatterns([text], { ignoreCase });
    const lines = Array.from({ length: 12 }, () =>
      Array.from({ length: random(9) }, () => 'aabbcAB _'[random(9)]!).join(''),
    );
    const expected: string[] = [];
    for (const line of lines) {
      const bytes = Buffer.from(`a${line}b`);
      const found = oracle.exec(line);
      // The line is a part of the bytes, so that what is around it must not be seen.
      const range = find(bytes, 1, bytes.length - 1);
      expect(range?.start, `${text} in '${line}'`).toBe(found === null ? undefined : found.index + 1);
      expect(matches(bytes, 1, bytes.length - 1)).toBe(found !== null);
      if (found === null) continue;
      expected.push(line);
      // Rust and JavaScript differ in how often nothing is repeated, and with it in where a match ends.
      if (isPlain) expect(range!.end, `${text} in '${line}'`).toBe(found.index + found[0].length + 1);
    }
    const isUnended = random(2) === 0;
    const chunk = Buffer.from(`b\n${lines.join('\n')}${isUnended ? '' : '\n'}`);
    const scanned: string[] = [];
    scan(chunk, 2, chunk.length, (start, end) => scanned.push(chunk.toString('latin1', start, end)));
    // An empty last line without a line feed is no line.
    if (lines.at(-1) === '' && isUnended && oracle.test('')) expected.pop();
    expect(scanned, text).toEqual(expected);
  }
});

interface Generated {
  text: string;
  canBeEmpty: boolean;
  /** Repeats nothing that can be empty. */
  isPlain: boolean;
}
function alternatives(random: RandomNumbers, depth: number): Generated {
  const parts = Array.from({ length: random(3) === 0 ? 1 + random(3) : 1 }, () => sequence(random, depth));
  return {
    text: parts.map(({ text }) => text).join('|'),
    canBeEmpty: parts.some(({ canBeEmpty }) => canBeEmpty),
    isPlain: parts.every(({ isPlain }) => isPlain),
  };
}

function sequence(random: RandomNumbers, depth: number): Generated {
  const parts = Array.from({ length: random(5) }, () => repetition(random, depth));
  return {
    text: parts.map(({ text }) => text).join(''),
    canBeEmpty: parts.every(({ canBeEmpty }) => canBeEmpty),
    isPlain: parts.every(({ isPlain }) => isPlain),
  };
}

function repetition(random: RandomNumbers, depth: number): Generated {
  const part = atom(random, depth);
  if (random(3) !== 0 || /^(?:[$^]|\\b|\\B)$/.test(part.text)) return part;
  const count = ['*', '+', '?', '{2}', '{1,2}', '{0,2}', '{2,}'][random(7)]!;
  const canBeEmpty = part.canBeEmpty || /^(?:\*|\?|\{0)/.test(count);
  return {
    text: part.text + count + (random(3) === 0 ? '?' : ''),
    canBeEmpty,
    isPlain: part.isPlain && !part.canBeEmpty,
  };
}

function atom(random: RandomNumbers, depth: number): Generated {
  if (depth > 0 && random(4) === 0) {
    const inner = alternatives(random, depth - 1);
    return { ...inner, text: `${random(2) === 0 ? '(' : '(?:'}${inner.text})` };
  }
  if (random(9) === 0) return { text: ['^', '$', '\\b', '\\B'][random(4)]!, canBeEmpty: true, isPlain: true };
  const characters = ['a', 'a', 'b', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\W', '\\s', 'A', '_'];
  return { text: characters[random(characters.length)]!, canBeEmpty: false, isPlain: true };
}

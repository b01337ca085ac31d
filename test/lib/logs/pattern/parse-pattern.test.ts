import { describe, expect, test } from 'vitest';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import { parsePattern } from '../../../../src/lib/logs/pattern/parse-pattern.ts';
import { randomNumbers } from '../random-numbers.ts';

describe('parsePattern', () => {
  test.each([
    ['a(b', 2, /\( without its \)/],
    ['ab)', 3, /\) without its \(/],
    ['[a', 1, /\[ without its \]/],
    ['[[:alpha:]', 1, /\[ without its \]/],
    ['x[[:alfa:]]', 3, /not known/],
    ['[:space:]', 1, /another pair of brackets/],
    ['[[=a=]]', 2, /not known/],
    ['[z-a]', 2, /wrong order/],
    ['[a-\\d]', 2, /ends in a class/],
    ['[\\xe0-é]', 2, /a byte at one end/],
    ['[^é]', 1, /beyond ASCII/],
    ['[^\\x00-\\xff]', 1, /no byte/],
    ['a\\n', 2, /line feed/],
    ['*a', 1, /nothing before it/],
    ['a|{3}', 3, /nothing before it/],
    ['a**', 1, /repeats a repetition/],
    ['ba++', 2, /possessive/],
    ['a{3,1}', 2, /larger number first/],
    ['a{1001}', 2, /more than 1000/],
    ['a{,3}', 2, /every program/],
    ['(a)\\1', 4, /refers back/],
    ['(?<n>a)\\k<n>', 8, /refers back/],
    ['(?=a)', 1, /look-around/],
    ['b(?<!a)', 2, /look-around/],
    ['(?>a)', 1, /atomic/],
    ['(?x)a', 1, /not known/],
    ['(?<1>a)', 1, /proper name/],
    ['(*SKIP)', 1, /verbs/],
    ['é\\p{L}', 2, /Unicode/],
    ['\\q', 1, /not known/],
    ['\\x4', 1, /hexadecimal/],
    ['\\x{110000}', 1, /no character/],
    ['\\ud800', 1, /no character/],
    ['a\\', 2, /lone backslash/],
  ])('refuses %s at column %i', (text, column, reason) => {
    const error = errorOf(() => parsePattern(text));
    expect(error.message).toMatch(reason);
    expect(error.message).toContain(`column ${column}:`);
    expect(error.code).toBe('usage');
    expect(error.hints).toHaveLength(1);
  });

  test('refuses what is too deep, too long or too large', () => {
    expect(errorOf(() => parsePattern('('.repeat(51) + ')'.repeat(51))).message).toContain('50 deep');
    expect(errorOf(() => parsePattern('a'.repeat(40_000))).message).toContain('32768');
    expect(errorOf(() => compilePatterns(['((a{100}){100}){100}'])).message).toContain('too large');
    expect(errorOf(() => compilePatterns(Array.from({ length: 3000 }, () => 'a{1000}'))).message).toContain('many');
  });

  test('repeats nothing as often as is asked without taking its time', () => {
    expect(compilePatterns(['((((){1000}){1000}){1000}){1000}']).matches(Buffer.from('x'), 0, 1)).toBe(true);
    expect(compilePatterns(['((((){0,1000}){1000}){0,1000}){1000}']).matches(Buffer.from('x'), 0, 1)).toBe(true);
  });

  test('takes a brace that begins no count for itself', () => {
    for (const text of ['{', 'a{', 'a{x}', 'a{1', '{"a":{"b', 'a{1,2', 'a{}', 'a{,}', '}']) {
      const line = Buffer.from(text);
      expect(compilePatterns([text]).find(line, 0, line.length)).toMatchObject({ start: 0, end: line.length });
    }
  });

  test('throws nothing but UserErrors, whatever it is given', () => {
    const pieces = [
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '?',
      '*',
      '+',
      '|',
      '\\',
      '^',
      '$',
      '.',
      '-',
      ',',
      ':',
      '<',
      '>',
      '=',
      '!',
    ];
    pieces.push(
      'a',
      'Z',
      '0',
      '9',
      'x',
      'u',
      'p',
      'P',
      'd',
      'b',
      'é',
      '😀',
      '\ud800',
      '\n',
      '\0',
      '(?',
      '[[:',
      ':]]',
      '{2,',
      'i',
    );
    const random = randomNumbers(7);
    const others: unknown[] = [];
    for (let turn = 0; turn < 20_000; turn++) {
      const text = Array.from({ length: 1 + random(12) }, () => pieces[random(pieces.length)]!).join('');
      try {
        compilePatterns([text]).matches(Buffer.from('aZ09 é'), 0, 7);
      } catch (error) {
        if (!(error instanceof UserError)) others.push([text, error]);
      }
    }
    expect(others).toEqual([]);
  });
});

function errorOf(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

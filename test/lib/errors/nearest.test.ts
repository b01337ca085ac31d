import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest } from '../../../src/lib/errors/nearest.ts';

const commands = ['sysinfo', 'doctor', 'config check', 'completion', 'run'];

test.each([
  ['sysinof', 'sysinfo'],
  ['sysinf', 'sysinfo'],
  ['sysinfoo', 'sysinfo'],
  ['SYSINFO', 'sysinfo'],
  ['docter', 'doctor'],
  ['config chekc', 'config check'],
  ['complation', 'completion'],
  ['rn', 'run'],
])('%s means %s', (word, candidate) => {
  expect(nearest(word, commands)).toBe(candidate);
});

test.each(['', 'x', 'backup', 'sys', 'info', 'doc', 'runner', 'x'.repeat(100_000), '\u0000', '😀'])(
  '%j is near to nothing',
  (word) => {
    expect(nearest(word, commands)).toBeUndefined();
  },
);

test('of equally near candidates the first one is named, and a nearer one before it', () => {
  expect(nearest('cat', ['bat', 'hat'])).toBe('bat');
  expect(nearest('flags', ['flog', 'flag', 'flags'])).toBe('flags');
});

test('one letter is not near to another one, but to a word of two that has it', () => {
  expect(nearest('a', ['b'])).toBeUndefined();
  expect(nearest('', ['b'])).toBeUndefined();
  expect(nearest('a', ['b', 'ab'])).toBe('ab');
});

test('a word with one slip of the fingers is always found', () => {
  const word = fc.stringMatching(/^[a-z_.-]{3,20}$/);
  const letter = fc.stringMatching(/^[a-z_.-]$/);
  fc.assert(
    fc.property(word, letter, fc.nat(), fc.integer({ min: 0, max: 3 }), (meant, other, somewhere, slip) => {
      const at = somewhere % (meant.length - 1);
      const [before, here, next, after] = [meant.slice(0, at), meant[at]!, meant[at + 1]!, meant.slice(at + 2)];
      const middle = [other + here + next, next, other + next, next + here][slip]!;
      expect(nearest(before + middle + after, [meant])).toBe(meant);
    }),
  );
});

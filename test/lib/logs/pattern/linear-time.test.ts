import { expect, test } from 'vitest';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';

const long = 200_000;

test.each([
  ['(a*)*b', 'a'],
  ['(a|a)*b', 'a'],
  ['(a|ab)*c', 'ab'],
  ['(a+)+$', 'a'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'],
  ['(.*)*x(.*)*y', 'z'],
  ['.*.*.*.*.*=.*x', 'a'],
  ['(x+x+)+y', 'x'],
  ['\\b(\\w+\\s?)*$', 'word '],
  ['(a?){50}a{50}b', 'a'],
  ['(?i)(e|é|E)*[^e]\\b', 'eE'],
])('%s takes linear time on a long line', (pattern, piece) => {
  const bytes = Buffer.from(`${piece.repeat(long / piece.length)}!\n`);
  const compiled = compilePatterns([pattern]);
  const started = performance.now();
  compiled.matches(bytes, 0, bytes.length - 1);
  compiled.find(bytes, 0, bytes.length - 1);
  compiled.scan(bytes, 0, bytes.length, () => {});
  expect(performance.now() - started).toBeLessThan(1000);
});

test('a pattern whose every byte makes a new state stays linear and in bounded memory', () => {
  // Which of the last 300 bytes were an a: 2^300 states.
  const { matches } = compilePatterns(['a[ab]{300}c']);
  let seed = 1;
  const bytes = Buffer.from(
    Array.from({ length: 50_000 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed & 0x10000 ? 0x61 : 0x62;
    }),
  );
  const before = process.memoryUsage().rss;
  const started = performance.now();
  expect(matches(bytes, 0, bytes.length)).toBe(false);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
  const hit = Buffer.from(`${'ba'.repeat(3000)}${'b'.repeat(300)}c`);
  expect(matches(hit, 0, hit.length)).toBe(true);
});

test('a long line without a match is looked at once, not once a candidate', () => {
  const bytes = Buffer.from(`${'ERROR '.repeat(50_000)}\n`);
  for (const pattern of ['ERROR.*x', '[E-F]RROR.*x', 'ERROR$|x']) {
    const started = performance.now();
    compilePatterns([pattern]).scan(bytes, 0, bytes.length, () => expect.unreachable());
    expect(performance.now() - started).toBeLessThan(500);
  }
});

test('answers stay right when the states have been forgotten on the way', () => {
  // Which of the last 13 bytes were an a: twice as many states as are kept.
  const { matches, find } = compilePatterns(['a[ab]{12}c']);
  const oracle = /a[ab]{12}c/;
  let seed = 3;
  const wrong: string[] = [];
  for (let turn = 0; turn < 6000; turn++) {
    const line = Array.from({ length: 60 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return 'abababababababc'[(seed >>> 16) % 15]!;
    }).join('');
    const bytes = Buffer.from(line);
    const index = oracle.exec(line)?.index;
    if (matches(bytes, 0, 60) !== (index !== undefined) || find(bytes, 0, 60)?.start !== index) wrong.push(line);
  }
  expect(wrong).toEqual([]);
});

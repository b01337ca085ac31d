import { expect, test } from 'vitest';
import { checkExpectations, outputMatches } from '../../../src/lib/jobs/expectations.ts';

test.each([
  ['nothing is expected', {}, { durationSeconds: 0 }, []],
  ['long enough', { minSeconds: 5 }, { durationSeconds: 5 }, []],
  ['too fast', { minSeconds: 5 }, { durationSeconds: 4.9 }, ['critical too-fast']],
  ['soon enough', { maxSeconds: 5 }, { durationSeconds: 5 }, []],
  ['too slow', { maxSeconds: 5 }, { durationSeconds: 5.1 }, ['critical too-slow']],
  ['found', { outputMatches: 'x' }, { durationSeconds: 0, output: { matches: true, whole: false } }, []],
  [
    'not found',
    { outputMatches: 'x' },
    { durationSeconds: 0, output: { matches: false, whole: true } },
    ['critical output'],
  ],
  [
    'not all searched',
    { outputMatches: 'x' },
    { durationSeconds: 0, output: { matches: false, whole: false } },
    ['unknown output'],
  ],
  ['not searched', { outputMatches: 'x' }, { durationSeconds: 0 }, ['unknown output']],
  [
    'two at once',
    { minSeconds: 5, outputMatches: 'x' },
    { durationSeconds: 1 },
    ['critical too-fast', 'unknown output'],
  ],
])('%s', (_name, expected, facts, codes) => {
  const verdicts = checkExpectations('backup', expected, facts);
  expect(verdicts.map(({ status, code }) => `${status} ${code}`)).toEqual(codes);
  expect(verdicts.every(({ subject }) => subject === 'backup')).toBe(true);
});

test.each([
  ['^backup done$', 'first\nbackup done\nlast\n', true],
  ['^backup done$', 'the backup done', false],
  ['first.*last', 'first\nlast\n', false],
  ['\\d+ files', 'copied 12 files', true],
  ['ä', 'Käse', true],
  ['x', '', false],
  ['done$', 'done\r\n', true],
])('a line has %s in %j: %s', async (pattern, text, found) => {
  expect(await outputMatches(pattern, Buffer.from(text))).toBe(found);
});

test('a pattern that makes others hang takes no time', async () => {
  const started = performance.now();
  expect(await outputMatches('(a|a)*b', Buffer.from('a'.repeat(256 * 1024)))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('bytes that are no text do no harm', async () => {
  expect(await outputMatches('done', Buffer.from([0xff, 0xfe, 0x00, 0x0a, ...Buffer.from('done'), 0xc3]))).toBe(true);
});

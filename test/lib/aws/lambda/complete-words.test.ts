import { expect, test } from 'vitest';
import { completeWords } from '../../../../src/lib/aws/lambda/complete-words.ts';

const stop = (words: readonly string[], seconds = 900, scheduledAt?: string) =>
  completeWords(
    { argv: ['stop-instances', ...words], ...(scheduledAt === undefined ? {} : { scheduledAt }) },
    seconds,
  ).slice(1 + words.length);

test('nobody is asked, the records are lines, and the clocks end before the function', () => {
  expect(stop(['--all'], 900, '2026-11-20T19:00:00Z')).toEqual([
    '--no-input',
    '--timeout=895s',
    '--output=jsonl',
    '--yes',
    '--wait-timeout=880s',
    '--scheduled-at=2026-11-20T19:00:00Z',
  ]);
});

test.each([
  { typed: ['--wait-timeout', '2m'], seconds: 900, wait: [] },
  { typed: ['--wait-timeout=2m'], seconds: 900, wait: [] },
  { typed: ['--wait-timeout', '15m'], seconds: 300, wait: ['--wait-timeout=280s'] },
  { typed: ['--wait-timeout', '1m', '--wait-timeout', '1h'], seconds: 300, wait: ['--wait-timeout=280s'] },
  { typed: [], seconds: 300, wait: ['--wait-timeout=280s'] },
  { typed: [], seconds: 3600, wait: ['--wait-timeout=900s'] },
])('waits $wait with $typed typed and $seconds s left', ({ typed, seconds, wait }) => {
  expect(stop(typed, seconds).filter((word) => word.startsWith('--wait-timeout'))).toEqual(wait);
});

test('a smaller --timeout stays, a larger one is cut', () => {
  expect(stop(['--timeout', '1m']).some((word) => word.startsWith('--timeout'))).toBe(false);
  expect(stop(['--timeout', '1h'])).toContain('--timeout=895s');
});

test.each([[['--json']], [['-o', 'yaml']], [['-oyaml']], [['--output=csv']]])('a typed format stays: %s', (typed) => {
  expect(stop(typed)).not.toContain('--output=jsonl');
});

test('a typed --scheduled-at stays', () => {
  expect(stop(['--scheduled-at', 'x'], 900, '2026-11-20T19:00:00Z').join(' ')).not.toContain('--scheduled-at');
});

test('what is added stands before --', () => {
  expect(completeWords({ argv: ['asg-ips', 'web', '--', '--yes'] }, 900)).toEqual([
    'asg-ips',
    'web',
    '--no-input',
    '--timeout=895s',
    '--output=jsonl',
    '--',
    '--yes',
  ]);
});

test('a function that is about to end is told so', () => {
  expect(() => stop([], 29.9)).toThrow('the function has 29s left');
});

import { expect, test } from 'vitest';
import { endOfOutput } from '../../../src/lib/jobs/end-of-output.ts';

test('what is short is whole, without the colours and the line end', () => {
  expect(endOfOutput('one\r\n\u001B[1;31mtwo\u001B[0m\n\n')).toBe('one\ntwo');
  expect(endOfOutput('')).toBe('');
  expect(endOfOutput('\n\n')).toBe('');
});

test('of many lines the last hundred, of long ones the last 8 KiB, and only whole ones', () => {
  const lines = Array.from({ length: 500 }, (_, at) => `line ${at}`);
  expect(endOfOutput(lines.join('\n'))).toBe(lines.slice(-100).join('\n'));
  const long = Array.from({ length: 50 }, (_, at) => `${at} ${'x'.repeat(500)}`);
  const end = endOfOutput(`${long.join('\n')}\n`).split('\n');
  expect(end.join('\n').length).toBeLessThanOrEqual(8192);
  expect(end).toEqual(long.slice(-end.length));
  expect(end.length).toBeGreaterThan(10);
});

test('one endless line is cut, and half a character is none', () => {
  const end = endOfOutput('🙂'.repeat(100_001));
  expect(end.length).toBeLessThanOrEqual(8192);
  expect(end.isWellFormed()).toBe(true);
  expect(endOfOutput(`x${'🙂'.repeat(5000)}y`).isWellFormed()).toBe(true);
});

test('a text of colours alone costs no more than its end', () => {
  const started = performance.now();
  expect(endOfOutput('\u001B[31m'.repeat(500_000)).length).toBeLessThan(5);
  expect(endOfOutput('\u001B'.repeat(2_000_000)).length).toBeLessThanOrEqual(8192);
  expect(performance.now() - started).toBeLessThan(1000);
});

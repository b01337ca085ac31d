import { expect, test } from 'vitest';
import { parseTimeFormat } from '../../../../src/lib/logs/time/parse-time-format.ts';
import { factsOfSample, type LogSampleFacts } from '../../../../src/lib/logs/window/read-sample.ts';
import { contextOf } from '../time/read-line.ts';
import { ms } from './log-file.ts';

function factsOf(text: string, format?: string, zone = 'UTC'): LogSampleFacts {
  return factsOfSample(Buffer.from(text), contextOf(zone), format === undefined ? undefined : parseTimeFormat(format));
}

test('the format, the shape and the first time of a log are found behind a banner', () => {
  const facts = factsOf('starting\n2026-11-20T14:00:05Z one\n2026-11-20T14:00:06Z two\n');
  expect(facts).toMatchObject({ shape: 'text', hasContinuations: false, firstMs: ms('2026-11-20T14:00:05Z') });
  expect(facts.format?.name).toBe('iso');
  expect('firstLatestMs' in facts).toBe(false);
});

test.each([
  ['a stack trace', '2026-11-20T14:00:05Z one\n  at a.b(c)\n2026-11-20T14:00:06Z two\n', true],
  ['a blank line', '2026-11-20T14:00:05Z one\n\n2026-11-20T14:00:06Z two\n', true],
  ['the beginning of a line', '2026-11-20T14:00:05Z one\n2026-11-20T14:00:06Z two\n2026-11', false],
  ['lines before the first time only', 'a\nb\n2026-11-20T14:00:05Z one\n', false],
  ['CRLF', '2026-11-20T14:00:05Z one\r\n2026-11-20T14:00:06Z two\r\n', false],
])('continuations are lines without a time behind the first one: %s', (_, text, expected) => {
  expect(factsOf(text).hasContinuations).toBe(expected);
});

test('the beginning of the only line is taken', () => {
  expect(factsOf('2026-11-20T14:00:05Z a long li').firstMs).toBe(ms('2026-11-20T14:00:05Z'));
});

test('a log without a time has a shape all the same', () => {
  const facts = factsOf('{"level":"info"}\n{"level":"warn"}\n');
  expect(facts).toMatchObject({ format: undefined, shape: 'json', hasContinuations: false });
  expect('firstMs' in facts).toBe(false);
  expect(factsOf('')).toMatchObject({ format: undefined, shape: 'text', hasContinuations: false });
});

test('a format that is named is taken, though no line has such a time', () => {
  const facts = factsOf('2026-11-20T14:00:05Z one\n', 'syslog');
  expect(facts.format?.name).toBe('syslog');
  expect('firstMs' in facts).toBe(false);
});

test('a first time that the clocks showed twice is told as both', () => {
  const facts = factsOf('2026-10-25 02:30:00 x\n', 'iso', 'Europe/Berlin');
  expect(facts).toMatchObject({ firstMs: ms('2026-10-25T00:30:00Z'), firstLatestMs: ms('2026-10-25T01:30:00Z') });
});

test('no more than 64 KiB are looked at', () => {
  const text = `2026-11-20T14:00:05Z ${'x'.repeat(70_000)}\n  at a.b(c)\n`;
  expect(factsOf(text).head.length).toBe(65_536);
  expect(factsOf(`2026-11-20T14:00:05Z x\n`.repeat(4000) + 'no time\n').hasContinuations).toBe(false);
});

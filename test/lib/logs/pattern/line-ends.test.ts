import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import type { PatternOptions } from '../../../../src/lib/logs/pattern/pattern-tree.ts';
import { ripgrep } from './ripgrep.ts';

const rg = ripgrep('patterns on lines that end with CR LF are not compared with ripgrep');

const texts = [
  'disk full',
  'disk full\r',
  'full\r',
  'full',
  '',
  '\r',
  '\r\r',
  'full\r\r',
  'full \r',
  'full\rdisk',
  'FULL\r',
  'fullness\r',
];
const chunk = Buffer.from(texts.map((text) => `${text}\n`).join(''));

interface Case extends PatternOptions {
  pattern: string;
  found: readonly string[];
}
const cases: Case[] = [
  { pattern: 'full$', found: ['disk full', 'disk full\r', 'full\r', 'full'] },
  { pattern: 'full\\z', found: ['disk full', 'disk full\r', 'full\r', 'full'] },
  { pattern: '^$', found: ['', '\r'] },
  { pattern: 'full\\r$', found: ['disk full\r', 'full\r', 'full\r\r'] },
  { pattern: '(l|ness)$|^d.*k$', found: ['disk full', 'disk full\r', 'full\r', 'full', 'fullness\r'] },
  { pattern: 'full\\b$', found: ['disk full', 'disk full\r', 'full\r', 'full'] },
  { pattern: 'full', line: true, found: ['full\r', 'full'] },
  { pattern: 'full$', line: true, found: ['full\r', 'full'] },
  { pattern: 'full|disk', line: true, found: ['full\r', 'full'] },
  { pattern: 'full\ndisk full', line: true, fixed: true, found: ['disk full', 'disk full\r', 'full\r', 'full'] },
  { pattern: '', line: true, found: ['', '\r'] },
  { pattern: 'full', line: true, word: true, ignoreCase: true, found: ['full\r', 'full', 'FULL\r'] },
  { pattern: 'l+$', word: true, found: [] },
  { pattern: 'full$', word: true, found: ['disk full', 'disk full\r', 'full\r', 'full'] },
  { pattern: '\\w+', word: true, found: texts.filter((text) => /\w/.test(text)) },
];

test.each(cases)('a line ends before its carriage return too: $pattern', ({ pattern, found, ...options }) => {
  const { matches, scan } = compilePatterns([pattern], options);
  expect(texts.filter((text) => matches(Buffer.from(text), 0, text.length))).toEqual(found);
  const scanned: string[] = [];
  scan(chunk, 0, chunk.length, (start, end) => scanned.push(chunk.toString('latin1', start, end)));
  expect(scanned).toEqual(found);
});

test.skipIf(rg === undefined).each(cases)('ripgrep agrees: $pattern', ({ pattern, found, ...options }) => {
  const { rust, rustFlags } = compilePatterns([pattern], options);
  const args = ['--no-config', '-a', '--no-unicode', ...rustFlags, ...rust.flatMap((text) => ['-e', text])];
  const { stdout, stderr } = spawnSync(rg!, args, { input: chunk });
  expect(String(stderr)).toBe('');
  expect(stdout.toString('latin1')).toBe(found.map((text) => `${text}\n`).join(''));
});

test.each([
  ['full$', 'disk full\r', 'full'],
  ['l*$', 'disk full\r', 'll'],
  ['.*$', 'full\r', 'full'],
  ['$', 'full\r', ''],
  ['full', 'full\r', 'full'],
  ['.*', 'full\r', 'full\r'],
  ['full$|disk.*', 'disk x\r', 'disk x'],
])('the match of %s in %j is %j', (pattern, text, match) => {
  const found = compilePatterns([pattern]).find(Buffer.from(text), 0, text.length);
  expect(text.slice(found!.start, found!.end)).toBe(match);
});

test('tells which patterns a match of ripgrep may end in a carriage return for', () => {
  expect(compilePatterns(['a', '(b$|c)+']).endsAtLineEnd).toBe(true);
  expect(compilePatterns(['a\\z']).endsAtLineEnd).toBe(true);
  expect(compilePatterns(['a'], { line: true }).endsAtLineEnd).toBe(true);
  expect(compilePatterns(['^a.*'], { word: true }).endsAtLineEnd).toBe(false);
  expect(compilePatterns(['a$'], { fixed: true }).endsAtLineEnd).toBe(false);
  expect(compilePatterns([], { line: true }).endsAtLineEnd).toBe(false);
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import type { PatternOptions } from '../../../../src/lib/logs/pattern/pattern-tree.ts';
import { requireProgram } from '../../../support/services.ts';
import { ripgrep } from './ripgrep.ts';

const rg = ripgrep('search patterns are not compared with ripgrep');
const grep = requireProgram('grep', 'search patterns are not compared with grep');

const texts = [
  '',
  'ERROR disk full',
  'error: disk full (code 28)',
  'info: no errors, 3 warnings',
  '2026-11-20T14:03:59.123Z WARN [worker-7] upstream timed out',
  '10.0.0.1 - - [20/Nov/2026:14:03:59 +0000] "GET /a/b?c=d HTTP/1.1" 503 17 "-"',
  '{"level":"error","duration_ms":1200}',
  'foo',
  'foobar',
  'barfoo',
  'foo bar foo',
  'foo_bar',
  'aab',
  'aaaab',
  'abcd',
  'xyz',
  ' lead and trail ',
  'tab\there',
  'a.b*c+d?e',
  'x]y-z^',
  'é is two bytes, привет is twelve',
  'É',
  'a{2}',
  'back\\slash',
  'aaaa',
  '____',
  '$5 and #1 & ~2',
];
const lines = [
  ...texts.map((text) => Buffer.from(text)),
  Buffer.from('bad \xff byte \xc3', 'latin1'),
  Buffer.from('n\0l'),
];
const chunk = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));

interface Case extends PatternOptions {
  pattern: string;
  /** Not the same syntax, or not the same meaning, there. */
  not?: readonly ('grep' | 'js' | 'old rg')[];
}
const both = ['grep', 'js'] as const;
const cases: Case[] = [
  'error',
  'ERROR|WARN',
  '^foo',
  'foo$',
  '^foo$',
  '^$',
  '',
  'fo+',
  'a{2,3}b',
  'a{3,}',
  'a{4}',
  '(foo|bar)+$',
  'x|y|^a',
  '.',

  '"(GET|POST) [^"]*" 5[0-9]{2} ',
  '[^a-z]',
  '[a-z]+_[a-z]+',
  '[-z]',
  'a\\.b',
  '\\$5',
  '\\{2\\}',
  '.*o.*o',
  'no.such',

  '\\bfoo\\b',
  'foo\\B',
  '\\Bfoo',
  '\\w+ \\w+ \\w+',
  '\\W{3}',
  'привет',
  '(ab|a)(bcd|c)d?',
  '(a*)*b',
  '(|a)+b',
  '()',
  'a||b',
  '\\sbar',
  '\\S{30}',
  '\\\\',
  '\\^',
  '(e|r){3}',
  '(^|[^o])o',
  '#1 & ~2',
  '(a|b|c|d|e|f|g|h)oo',
].map((pattern) => ({ pattern }));
cases.push(
  { pattern: '[[:alpha:]]+_[[:alnum:]]', not: ['js'] },
  { pattern: '[^[:alnum:][:space:][:punct:]]', not: ['js'] },
  { pattern: '[]]', not: ['js'] },
  { pattern: '[]x]y', not: ['js'] },
  { pattern: '\\<foo', not: ['js', 'old rg'] },
  { pattern: 'foo\\>', not: ['js', 'old rg'] },
  { pattern: '{"level":"(error|fatal)"', not: ['js'] },
  { pattern: '\\d{2}:\\d{2}', not: ['grep'] },
  { pattern: '\\D\\d$', not: ['grep'] },
  { pattern: 'fo+?b', not: ['grep'] },
  { pattern: '(?:foo){1,2}?b', not: ['grep'] },
  { pattern: '(?<name>foo)bar', not: ['grep'] },
  { pattern: '(?P<name>foo)bar', not: both },
  { pattern: '(?i)error', not: both },
  { pattern: 'e(?i:RROR)|(?i)INFO', not: both },
  { pattern: '\\tHERE|\\there', not: ['grep'] },
  { pattern: '\\x41|\\u0045RR', not: ['grep'] },
  { pattern: '\\xff', not: ['grep'] },
  { pattern: '\\u00e9', not: both },
  { pattern: '[а-яё]{6}', not: both },
  { pattern: '\\x{e9}|[é€]', not: both },
  { pattern: '[^\\x00-\\x7f]{12}', not: ['grep'] },
  { pattern: 'n.l|\\x00', not: ['grep'] },
  { pattern: 'error', ignoreCase: true },
  { pattern: '[^E]RR', ignoreCase: true },
  { pattern: 'é', ignoreCase: true },
  { pattern: 'a.b*c+d?e', fixed: true, not: ['js'] },
  { pattern: 'CODE 28)', fixed: true, ignoreCase: true, not: ['js'] },
  { pattern: '', fixed: true },
  { pattern: 'foo', word: true, not: ['js'] },
  { pattern: 'foo|foobar', word: true, not: ['js'] },
  { pattern: '[a-z]+', word: true, not: ['js'] },
  { pattern: 'code|full', word: true, fixed: false, not: ['js'] },
  { pattern: '(code', word: true, fixed: true, not: ['js'] },
  { pattern: 'a+', line: true, not: ['js'] },
  { pattern: 'a|foo|x', line: true, not: ['js'] },
  { pattern: 'FOO\nxyz', line: true, fixed: true, ignoreCase: true, not: ['js'] },
);

const folder = mkdtempSync(join(tmpdir(), 'devops-pattern-'));
const file = join(folder, 'lines');
beforeAll(() => writeFileSync(file, chunk));
afterAll(() => rmSync(folder, { recursive: true }));

function scanned({ pattern, ...options }: Case): number[] {
  const found: number[] = [];
  compilePatterns([pattern], options).scan(chunk, 0, chunk.length, (start, end) => {
    expect(chunk[end]).toBe(0x0a);
    found.push(chunk.subarray(0, start).filter((byte) => byte === 0x0a).length + 1);
  });
  return found;
}

function numbered(program: string, args: readonly string[]): number[] {
  const { stdout, stderr, status } = spawnSync(program, args, { env: { LC_ALL: 'C', PATH: process.env['PATH'] } });
  if (status === 2) throw new Error(String(stderr));
  return Array.from(stdout.toString('latin1').matchAll(/^(\d+):/gm), ([, number]) => Number(number));
}

describe('the same lines as', () => {
  test.each(cases)('a look at each line alone: $pattern', (one) => {
    const { matches, find } = compilePatterns([one.pattern], one);
    const found = lines.flatMap((line, index) => (matches(line, 0, line.length) ? [index + 1] : []));
    expect(found).toEqual(scanned(one));
    expect(lines.flatMap((line, index) => (find(line, 0, line.length) ? [index + 1] : []))).toEqual(found);
  });

  test.each(cases.filter(({ not }) => !not?.includes('js')))('JavaScript: $pattern', (one) => {
    const expression = new RegExp(Buffer.from(one.pattern).toString('latin1'), one.ignoreCase === true ? 'i' : '');
    const { find } = compilePatterns([one.pattern], one);
    for (const line of lines) {
      const found = expression.exec(line.toString('latin1'));
      const range = found === null ? undefined : { start: found.index, end: found.index + found[0].length };
      expect(find(line, 0, line.length), line.toString()).toEqual(range && expect.objectContaining(range));
    }
  });

  test.skipIf(grep === undefined).each(cases.filter(({ not }) => !not?.includes('grep')))('grep: $pattern', (one) => {
    const flags = [one.ignoreCase === true && '-i', one.word === true && '-w', one.line === true && '-x'];
    const args = ['-an', one.fixed === true ? '-F' : '-E', ...flags.filter((flag) => flag !== false)];
    expect(scanned(one)).toEqual(numbered(grep!, [...args, '-e', one.pattern, file]));
  });

  const isOld = rg !== undefined && / (?:\d|1[0-3])\./.test(String(spawnSync(rg, ['--version']).stdout));
  const forRipgrep = cases.filter(({ not }) => !isOld || !not?.includes('old rg'));
  test.skipIf(rg === undefined).each(forRipgrep)('ripgrep: $pattern', (one) => {
    const { rust, rustFlags } = compilePatterns([one.pattern], one);
    const args = [
      '--no-config',
      '-a',
      '-n',
      '--no-unicode',
      ...rustFlags,
      ...rust.flatMap((text) => ['-e', text]),
      file,
    ];
    expect(scanned(one)).toEqual(numbered(rg!, args));
  });
});

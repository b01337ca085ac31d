import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import type { PatternOptions } from '../../../../src/lib/logs/pattern/pattern-tree.ts';
import { findRipgrep } from '../../../../src/lib/logs/ripgrep/find-ripgrep.ts';
import { ripgrepFits } from '../../../../src/lib/logs/ripgrep/ripgrep-fits.ts';
import type { GrepStyle } from '../../../../src/lib/logs/search/grep-style.ts';
import { requireProgram } from '../../../support/services.ts';
import { compare } from './compare-with-grep.ts';
import { plainLines } from '../../../../src/lib/logs/search/grep-style.ts';

const own = await findRipgrep({ PATH: '' }, AbortSignal.timeout(9000));
const older = requireProgram('rg', 'ripgrep 13, which Debian has, is not compared with grep');
const grep = requireProgram('grep', 'the output of ripgrep is not compared with that of grep');
const version = older === undefined ? '' : /\d+\.\d+\.\d+/.exec(String(spawnSync(older, ['--version']).stdout))![0];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-same-as-grep-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rarely = fc.integer({ min: 0, max: 4 }).map((number) => number === 0);
const aFew = fc.constantFrom(0, 0, 0, 1, 2);
const styles: fc.Arbitrary<GrepStyle> = fc.record({
  invert: rarely,
  count: rarely,
  filesWith: rarely,
  filesWithout: fc.constant(false),
  onlyMatching: rarely,
  lineNumber: fc.boolean(),
  maxCount: fc.constantFrom(undefined, undefined, 1, 2, 3),
  before: aFew,
  after: aFew,
  withFilename: fc.boolean(),
  color: fc.constant(false),
});
const options: fc.Arbitrary<PatternOptions> = fc.record({
  ignoreCase: rarely,
  word: rarely,
  line: rarely,
  fixed: rarely,
});
/** Patterns for which the longest match, which grep prints with -o, is the first one, which we print. */
const patterns = fc.constantFrom(
  'foo',
  'o',
  '^f',
  'r$',
  '[0-9]',
  'fo+',
  '^$',
  'x*',
  '.',
  'f.o',
  '\\bfoo',
  '(foo)+',
  'no',
  'é',
);
const words = fc.constantFrom('foo', 'bar', 'o', ' ', 'x_', '1', '\0', '\xff', '\xc3\xa9', 'FOO', 'foobar', '-', ':');
const line = fc.array(words, { maxLength: 4 }).map((parts) => parts.join(''));
const file = fc.tuple(fc.array(line, { maxLength: 10 }), fc.boolean()).map(([lines, isWhole]) =>
  lines
    .map((each) => `${each}\n`)
    .join('')
    .slice(0, isWhole ? undefined : -1),
);
const files = fc.array(file, { minLength: 1, maxLength: 3 });

const programs = [own?.path, older].filter((program) => program !== undefined);

describe.skipIf(grep === undefined).each(programs)('%s', (program) => {
  const release = program === older ? version : undefined;

  test('prints what grep prints, byte for byte', () => {
    const cases = fc
      .record({ patterns: fc.array(patterns, { minLength: 1, maxLength: 2 }), options, style: styles, contents: files })
      .filter((one) => ripgrepFits(compilePatterns(one.patterns, one.options), one.style, release))
      // Of several patterns grep prefers the longest match.
      .filter(({ style, patterns: { length } }) => !style.onlyMatching || length === 1);
    for (const { one, found, expected } of compare(folder, { ripgrep: program, grep: grep! }, fc.sample(cases, 100))) {
      expect(found, JSON.stringify(one)).toEqual(expected);
    }
  });

  test('shows it in the same colours', () => {
    const search = { patterns: ['fo+'], options: {}, contents: ['a\nfoo bar foo\nb\nc\nd\nfooo\n', 'foo'] };
    const asked: Partial<GrepStyle>[] = [
      { withFilename: true, lineNumber: true },
      { withFilename: true, lineNumber: true, before: 1, after: 1 },
      { onlyMatching: true, withFilename: true },
      { invert: true, before: 1, lineNumber: true },
      { filesWith: true },
    ];
    const cases = asked.map((one) => ({ ...search, style: { ...plainLines, ...one, color: true } }));
    for (const { one, found, expected } of compare(folder, { ripgrep: program, grep: grep! }, cases)) {
      expect(ripgrepFits(compilePatterns(one.patterns), one.style)).toBe(true);
      expect(found.stdout).toContain('\x1b[');
      expect(seen(found.stdout)).toEqual(seen(expected.stdout));
    }
  });
});

/** Each character with the colour and weight in which a terminal shows it. */
function seen(text: string): string[] {
  let style = { colour: 39, bold: false };
  return Array.from(text.matchAll(/\x1b\[(?<codes>[\d;]*)m|\x1b\[K|(?<character>.)/gs)).flatMap(({ groups }) => {
    if (groups?.['character'] !== undefined) {
      const isBreak = groups['character'] === '\n';
      return [isBreak ? '\n' : `${groups['character']} ${style.colour}${style.bold ? ' bold' : ''}`];
    }
    for (const code of (groups?.['codes'] ?? '1000').split(';').map(Number)) {
      if (code === 0) style = { colour: 39, bold: false };
      else if (code === 1) style = { ...style, bold: true };
      else if (code < 100) style = { ...style, colour: code };
    }
    return [];
  });
}

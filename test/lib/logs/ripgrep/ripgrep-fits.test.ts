import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import { findRipgrep } from '../../../../src/lib/logs/ripgrep/find-ripgrep.ts';
import { ripgrepFits, ripgrepFitsName } from '../../../../src/lib/logs/ripgrep/ripgrep-fits.ts';
import type { GrepStyle } from '../../../../src/lib/logs/search/grep-style.ts';
import { requireProgram } from '../../../support/services.ts';
import { compare } from './compare-with-grep.ts';
import { plainLines } from '../../../../src/lib/logs/search/grep-style.ts';

const own = await findRipgrep({ PATH: '' }, AbortSignal.timeout(9000));
const grep = requireProgram('grep', 'the output of ripgrep is not compared with that of grep');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-ripgrep-fits-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what ripgrep prints in another way is not given to it', () => {
  const fits = (style: Partial<GrepStyle>, pattern = 'foo') =>
    ripgrepFits(compilePatterns([pattern]), { ...plainLines, ...style });
  const isTheSame = (style: Partial<GrepStyle>, pattern = 'foo') => {
    const contents = ['a\nfoo\nfoo\nfoo\nb\n', 'b\nfoo\n'];
    const [result] = compare(folder, { ripgrep: own!.path, grep: grep! }, [
      { patterns: [pattern], options: {}, style: { ...plainLines, ...style }, contents },
    ]);
    return result!.found.stdout === result!.expected.stdout && result!.found.status === result!.expected.status;
  };

  test
    .skipIf(own === undefined || grep === undefined)
    .each<[Partial<GrepStyle>, string?]>([
      [{ onlyMatching: true, invert: true }],
      [{ onlyMatching: true, after: 1 }],
      [{ onlyMatching: true, before: 1 }],
      [{ onlyMatching: true }, 'x*'],
      [{ onlyMatching: true }, '^'],
      [{ maxCount: 1, after: 2, withFilename: true }],
      [{ count: true, color: true, withFilename: true }],
    ])('%j %j', (style, pattern) => {
    expect(isTheSame(style, pattern)).toBe(false);
    expect(fits(style, pattern)).toBe(false);
  });

  test('files without a match, of which ripgrep and grep think differently when they end', () => {
    expect(fits({ filesWithout: true })).toBe(false);
  });

  test('a limit of nothing, and no pattern at all', () => {
    expect(fits({ maxCount: 0 })).toBe(false);
    expect(ripgrepFits(compilePatterns([]), plainLines)).toBe(false);
  });

  test('with -o what ends at the end of a line, which may be a carriage return', () => {
    expect(fits({ onlyMatching: true }, 'foo$')).toBe(false);
    expect(fits({}, 'foo$')).toBe(true);
  });

  test('ends of words, when it is older than they are', () => {
    const ends = compilePatterns(['\\<foo']);
    const word = compilePatterns(['foo'], { word: true });
    expect([ripgrepFits(ends, plainLines, '13.0.0'), ripgrepFits(word, plainLines, '13.0.0')]).toEqual([false, false]);
    expect([
      ripgrepFits(ends, plainLines, '14.1.0'),
      ripgrepFits(word, plainLines),
      ripgrepFits(ends, plainLines),
    ]).toEqual([true, true, true]);
  });

  test('a file called -, which is standard input to it', () => {
    expect(['-', '', '-x', './-', 'a.log'].map(ripgrepFitsName)).toEqual([false, false, true, true, true]);
  });
});

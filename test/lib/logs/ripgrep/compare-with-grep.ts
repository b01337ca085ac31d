import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import type { PatternOptions } from '../../../../src/lib/logs/pattern/pattern-tree.ts';
import { ripgrepArguments } from '../../../../src/lib/logs/ripgrep/ripgrep-arguments.ts';
import type { GrepStyle } from '../../../../src/lib/logs/search/grep-style.ts';

export interface Search {
  patterns: readonly string[];
  options: PatternOptions;
  style: GrepStyle;
}

function grepArguments({ style, ...search }: Search): string[] {
  const letters: readonly (readonly [boolean | undefined, string])[] = [
    [search.options.fixed, '-F'],
    [search.options.fixed !== true, '-E'],
    [search.options.ignoreCase, '-i'],
    [search.options.word, '-w'],
    [search.options.line, '-x'],
    [style.invert, '-v'],
    [style.count, '-c'],
    [style.filesWith, '-l'],
    [style.onlyMatching, '-o'],
    [style.lineNumber, '-n'],
    [style.maxCount !== undefined, `-m${style.maxCount}`],
    [style.before > 0, `-B${style.before}`],
    [style.after > 0, `-A${style.after}`],
    [style.color, '--color=always'],
  ];
  const asked = letters.filter(([isAsked]) => isAsked === true).map(([, letter]) => letter);
  return ['-a', ...asked, style.withFilename ? '-H' : '-h', ...search.patterns.flatMap((one) => ['-e', one]), '--'];
}

export interface Case extends Search {
  contents: readonly string[];
}

/**
 * What ripgrep and grep print for each case, and how they end; `folder` is for their files. One shell starts all of
 * them, for speed.
 */
export function compare(folder: string, programs: { ripgrep: string; grep: string }, cases: readonly Case[]) {
  const script = cases.map((one, index) => {
    const place = join(folder, String(index));
    mkdirSync(place, { recursive: true });
    const names = ['a.log', './b.log', '-c.log'].slice(0, one.contents.length);
    names.forEach((name, each) => writeFileSync(join(place, name), one.contents[each]!, 'latin1'));
    const { args } = ripgrepArguments(compilePatterns(one.patterns, one.options), one.style);
    const run = (words: readonly string[], name: string) =>
      `${words.map(quoted).join(' ')} > ${name}.out 2>&1; echo $? > ${name}.status`;
    return [
      `cd ${quoted(place)}`,
      run([programs.ripgrep, ...args, ...names], 'found'),
      run([programs.grep, ...grepArguments(one), ...names], 'expected'),
    ].join('\n');
  });
  const { status } = spawnSync('sh', [], { input: script.join('\n'), env: { LC_ALL: 'C' }, stdio: ['pipe', 2, 2] });
  if (status !== 0) throw new Error('the shell failed');
  return cases.map((one, index) => {
    const result = (name: string) => ({
      status: Number(readFileSync(join(folder, String(index), `${name}.status`), 'utf8')),
      stdout: readFileSync(join(folder, String(index), `${name}.out`), 'latin1'),
    });
    return { one, found: result('found'), expected: result('expected') };
  });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRipgrep } from '../../src/lib/logs/ripgrep/find-ripgrep.ts';
import { type GrepCase, layOut, runGrep, runIntoFile, runLogsGrep, wordsOf } from '../lib/logs/search/run-grep.ts';
import { requireProgram } from '../support/services.ts';

const grep = requireProgram('grep', 'the output of logs-grep is not compared with that of grep');
const ripgrep = await findRipgrep({ PATH: process.env['PATH'] }, AbortSignal.timeout(9000));

let place: string;
let folder: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'devops-as-grep-'));
  folder = join(place, 'logs');
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const words = fc.constantFrom('foo', 'bar', 'o', ' ', 'x_', '1', '\0', '\xff', '\xc3\xa9', 'FOO', '-', ':', '\r', '\t');
const line = fc.array(words, { maxLength: 4 }).map((parts) => parts.join(''));
const file = linesOf(fc.array(line, { maxLength: 12 }));
/** Whose longest match, which grep prints with -o, is the first one, which we print. */
const pattern = fc.constantFrom(
  ...'foo o ^f r [0-9] fo+ ^ x* . f.o no é (foo)+ foo|bar [^o] - o$ x_? (o|b){2} ^$ [[:space:]]'.split(' '),
  ...String.raw`\bfoo \w+ \<b \.`.split(' '),
  '',
);
const few = fc.constantFrom(0, 0, 0, 1, 2, 3);
const rarely = (...some: string[]) => fc.constantFrom(...Array<string>(5).fill(''), ...some);
const flags = fc
  .tuple(
    fc.subarray(['-i', '-v', '-w', '-x', '-c', '-o', '-n', '-s', '-F'], { maxLength: 4 }),
    fc.tuple(
      rarely('-l', '-L'),
      rarely('-m1', '-m2', '-m0'),
      rarely('-H', '-I'),
      rarely('-q'),
      rarely('--color=always'),
    ),
    fc.tuple(few, few, few).map(([a, b, c]) => [a && `-A${a}`, b && `-B${b}`, c && `-C${c}`]),
  )
  .map((groups) => groups.flat().filter((flag) => typeof flag === 'string' && flag !== '') as string[]);
const cases: fc.Arbitrary<GrepCase> = fc
  .record({
    flags,
    patterns: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    contents: fc.array(file, { minLength: 1, maxLength: 3 }),
    fromStdin: fc.constantFrom(false, false, false, true),
  })
  .filter(isComparable);

describe.skipIf(grep === undefined)('lines, their order and the exit code are those of grep, byte for byte', () => {
  async function search(one: GrepCase) {
    layOut(folder, one.contents);
    const typed = wordsOf(one);
    const expected = runGrep(grep!, folder, typed.grep, one.contents[0]);
    const found = await runLogsGrep(folder, ['--engine', 'devops', ...typed.ours], { stdin: one.contents[0]! });
    return { found, expected: { ...expected, stderr: '' } };
  }

  test('with any of its flags', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const { found, expected } = await search(one);
        expect(found).toEqual(expected);
      }),
      { numRuns: 250 },
    );
  });

  test('where lines and what is around them lie across the pieces in which a file is read', async () => {
    const piece = 262_144;
    const long = fc
      .record({
        head: fc.integer({ min: piece - 40, max: piece + 10 }),
        fill: fc.constantFrom('a line of a log without anything\n', 'n', 'foo bar\n'),
        middle: fc.array(line, { minLength: 3, maxLength: 12 }).map((lines) => lines.join('\n')),
        tail: fc.constantFrom(0, 100, piece - 30, piece, 2 * piece + 11),
      })
      .map(({ head, fill, middle, tail }) => {
        const before = fill.repeat(Math.ceil(head / fill.length)).slice(0, head);
        return `${before}${middle}${'zz\n'.repeat(tail / 3)}foo\nend`;
      });
    const large = fc.record({ flags, patterns: fc.array(pattern, { minLength: 1, maxLength: 1 }), content: long });
    await fc.assert(
      fc.asyncProperty(large, fc.boolean(), async ({ content, ...one }, fromStdin) => {
        const asked = { ...one, contents: [content], fromStdin };
        fc.pre(isComparable(asked));
        const { found, expected } = await search(asked);
        expect(found).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['-m1 -A9 foo', 'the lines behind the last that counts end at the next match'],
    ['-c -v foo', 'a count of the others'],
    ['-vo -A2 -n foo', 'what matches in the lines around the found ones'],
    ['--color=always -v -C1 -n -H foo', 'the same in colour'],
    ['-B100 -n end', 'many lines before'],
    ['-L foo', 'a list of files without'],
    ['-rh -n foo .', 'letters in one word'],
  ])('%s: %s', async (typed) => {
    const content = Array.from({ length: 300 }, (_, at) => (at % 7 === 3 ? `${at} foo bar foo` : `line ${at}`));
    layOut(folder, [`${content.join('\n')}\nend`]);
    const asked = typed.split(' ');
    const expected = runGrep(grep!, folder, typed.endsWith('.') ? asked : [...asked, 'a.log']);
    const ours = asked.map((word) => (word === '-rh' ? '-rI' : word));
    expect(await runLogsGrep(folder, typed.endsWith('.') ? ours : [...ours, 'a.log'])).toEqual(expected);
  });
});

describe.skipIf(grep === undefined)('patterns of a file', () => {
  test.each([
    ['foo\nbar\n', 'one a line'],
    ['foo\n\n', 'an empty one matches every line'],
    ['', 'none match nothing'],
    ['f.o\n1', 'without a last line feed'],
  ])('%j: %s', async (content) => {
    layOut(folder, { patterns: content, 'a.log': 'foo\nbar\n1\n\nf.o\n' });
    // Without a pattern grep opens no file, and prints not even a count of 0.
    for (const flag of ['-E', '-F', '-v', '-w', ...(content === '' ? [] : ['-c'])]) {
      const typed = [flag, '-f', 'patterns', 'a.log'];
      expect(await runLogsGrep(folder, typed), flag).toEqual(
        runGrep(grep!, folder, flag === '-F' ? typed : ['-E', ...typed]),
      );
      const more = ['-n', '-e', 'bar', ...typed];
      expect(await runLogsGrep(folder, more), flag).toEqual(
        runGrep(grep!, folder, flag === '-F' ? more : ['-E', ...more]),
      );
    }
  });

  test('may come on standard input', async () => {
    layOut(folder, { 'a.log': 'foo\nbar\n1\n' });
    const typed = ['-f', '-', 'a.log'];
    expect(await runLogsGrep(folder, typed, { stdin: '1\nfoo\n' })).toEqual(runGrep(grep!, folder, typed, '1\nfoo\n'));
  });
});

describe.skipIf(grep === undefined)('directories', () => {
  const tree = {
    'var/b.log': 'foo b\n',
    'var/a.log': 'foo a\nbar\n',
    'var/.hidden': 'foo hidden\n',
    'var/sub/z.log': 'foo z',
    'var/sub.log': 'foo sub\n',
    'var/.gitignore': '*.log\n',
    'var/Ünicode': 'foo ü\n',
    'other.log': 'foo other\n',
  };

  /** The files below a folder, depth first, each folder sorted by the bytes of its names. */
  function walk(path: string): string[] {
    const entries = readdirSync(join(folder, path), { withFileTypes: true });
    return entries
      .toSorted((one, other) => Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)))
      .flatMap((entry) => (entry.isDirectory() ? walk(join(path, entry.name)) : [join(path, entry.name)]));
  }

  test.each(['-n foo', '-c foo', '-l bar', '-L foo', '-h -n foo', '-A1 a', '-m1 -o fo+'])('%s', async (typed) => {
    layOut(folder, tree);
    const [ours, theirs] = [typed.replace('-h', '-I').split(' '), typed.split(' ')];
    const names = theirs.includes('-h') ? [] : ['-H'];
    const expected = runGrep(grep!, folder, ['-E', ...names, ...theirs, ...walk('var')]);
    expect(await runLogsGrep(folder, [...ours, 'var'])).toEqual(expected);
    // grep's own -r has an order of its own.
    const sorted = ({ stdout }: { stdout: string }) =>
      stdout
        .split('\n')
        .filter((each) => each !== '--')
        .toSorted();
    expect(sorted(await runLogsGrep(folder, [...ours, 'var']))).toEqual(
      sorted(runGrep(grep!, folder, ['-rE', ...theirs, 'var'])),
    );
  });

  test('--include and --exclude are about what is found in them', async () => {
    layOut(folder, tree);
    for (const filter of [
      ['--include=*.log'],
      ['--exclude', 'sub*'],
      ['--include', 'a*', '--exclude=*.log'],
      ['--exclude=b.log'],
    ]) {
      const theirs = runGrep(grep!, folder, ['-rl', ...filter, 'foo', 'var']);
      const ours = await runLogsGrep(folder, ['-l', ...filter, 'foo', 'var']);
      // To us --exclude is about directories, too.
      const expected = theirs.stdout.split('\n').filter((name) => !(filter.includes('sub*') && name.includes('/sub/')));
      expect(ours.stdout.split('\n').toSorted(), filter.join(' ')).toEqual(expected.toSorted());
    }
  });

  test('a file that is named and found is searched twice, and keeps the name by which it was found', async () => {
    layOut(folder, tree);
    const found = await runLogsGrep(folder, ['foo', './var/b.log', 'other.log', './var/b.log']);
    expect(found.stdout).toBe('./var/b.log:foo b\nother.log:foo other\n./var/b.log:foo b\n');
  });
});

describe.skipIf(ripgrep === undefined)('ripgrep, when it does the search, answers as we do', () => {
  test('byte for byte', async () => {
    const files = cases.filter(({ fromStdin, flags: asked }) => !fromStdin && !asked.includes('-q'));
    await fc.assert(
      fc.asyncProperty(files, async (one) => {
        layOut(folder, one.contents);
        const ours = absolute(wordsOf(one).ours);
        const own = await runLogsGrep(folder, ['--engine', 'devops', ...ours]);
        const driven = await runIntoFile(folder, join(place, 'output'), ['--engine', 'ripgrep', ...ours]);
        expect({ ...driven, stdout: shown(driven.stdout) }).toEqual({ ...own, stdout: shown(own.stdout) });
      }),
      { numRuns: 120 },
    );
  });

  test('also beside what it is not given: compressed, binary, empty and missing files', async () => {
    layOut(folder, ['foo\nbar foo\n', '\x1f\x8b\x08\0 no gzip', '']);
    const typed = absolute(['-n', 'foo', 'a.log', 'c.log', 'a.log', 'none.log', 'b.log', 'a.log']);
    const own = await runLogsGrep(folder, ['--engine', 'devops', ...typed]);
    const driven = await runIntoFile(folder, join(place, 'output'), ['--engine', 'ripgrep', ...typed]);
    expect(driven).toEqual(own);
    expect(own).toMatchObject({ code: 2, stdout: `${folder}/a.log:1:foo\n${folder}/a.log:2:bar foo\n`.repeat(3) });
    expect(own.stderr).toContain('none.log');
    expect(own.stderr).toContain('b.log');
  });
});

describe('records', () => {
  test('are the lines that the text has', async () => {
    const asked = cases.filter(
      ({ flags: all }) => !['-c', '-l', '-L', '-q', '--color=always'].some((flag) => all.includes(flag)),
    );
    const isText = ({ contents }: GrepCase) => !/[\r\xff]/.test(contents.join(''));
    await fc.assert(
      fc.asyncProperty(asked.filter(isText), async (one) => {
        layOut(folder, one.contents);
        const { ours } = wordsOf(one);
        const stdin = one.contents[0]!;
        const plain = await runLogsGrep(folder, [...ours, '-H', '-n'], { stdin });
        const { code, stdout, stderr } = await runLogsGrep(folder, [...ours, '-H', '-n', '--json'], { stdin });
        const records = JSON.parse(Buffer.from(stdout, 'latin1').toString()) as Record<string, unknown>[];
        const lines = records.map(({ source, match, line_number: number, text }) => {
          const separator = match === true ? ':' : '-';
          return `${String(source)}${separator}${String(number)}${separator}${String(text)}`;
        });
        const expected = Buffer.from(plain.stdout, 'latin1').toString().split('\n').slice(0, -1);
        expect({ code, stderr, lines }).toEqual({
          code: plain.code,
          stderr: '',
          lines: expected.filter((each) => each !== '--'),
        });
      }),
      { numRuns: 120 },
    );
  });

  test('are counts with -c, -l and -L', async () => {
    layOut(folder, ['foo\nbar\nfoo', '', 'bar\n']);
    const counts = async (flag: string) => {
      const { code, stdout } = await runLogsGrep(folder, [flag, '--json', 'foo', 'a.log', 'b.log', 'c.log']);
      return {
        code,
        counts: (JSON.parse(stdout) as { source: string; count: number }[]).map(({ source, count }) => [source, count]),
      };
    };
    expect(await counts('-c')).toEqual({
      code: 0,
      counts: [
        ['a.log', 2],
        ['b.log', 0],
        ['c.log', 0],
      ],
    });
    expect(await counts('-l')).toEqual({ code: 0, counts: [['a.log', 1]] });
    expect(await counts('-L')).toEqual({
      code: 0,
      counts: [
        ['b.log', 0],
        ['c.log', 0],
      ],
    });
  });
});

/** ripgrep looks files up from where this process is. */
function absolute(typed: readonly string[]): string[] {
  return typed.map((word) => (word.endsWith('.log') ? join(folder, word) : word));
}

/** Lines of a file, the last of which may lack its line feed. */
function linesOf(lines: fc.Arbitrary<string[]>): fc.Arbitrary<string> {
  return fc.tuple(lines, fc.boolean()).map(([all, isWhole]) =>
    all
      .map((each) => `${each}\n`)
      .join('')
      .slice(0, isWhole ? undefined : -1),
  );
}

/** Where the dialect is not known to differ from grep's. */
function isComparable({ flags: asked, patterns, contents }: GrepCase): boolean {
  const marks = asked.includes('-o') || asked.includes('--color=always');
  // Of several patterns grep prefers the longest match, and with -w it tries shorter ones as well.
  if (marks && (patterns.length > 1 || asked.includes('-w'))) return false;
  // In the lines around those that do not match as a whole, grep marks parts of lines all the same.
  if (marks && asked.includes('-x') && asked.includes('-v')) return false;
  // The end of a line is before its carriage return.
  const asksForEnds = asked.includes('-x') || patterns.some((each) => each.includes('$'));
  if (asksForEnds && contents.some((content) => /\r(?:\n|$)/.test(content))) return false;
  // grep -v '' opens no file: it prints not even a count of 0.
  return !(asked.includes('-v') && patterns.every((each) => each === ''));
}

/** Each character with the colour in which it is seen: ripgrep switches them on and off in other words. */
function shown(text: string): string[] {
  let colour = '';
  return Array.from(text.matchAll(/\x1b\[(?<codes>[\d;]*)m|\x1b\[K|(?<character>.)/gs)).flatMap(({ groups }) => {
    const { codes, character } = groups!;
    if (character !== undefined) return [character === '\n' ? character : `${character}${colour}`];
    for (const code of codes?.split(';').map(Number) ?? []) {
      if (code === 0) colour = '';
      else if (code >= 30) colour += ` ${code}`;
    }
    return [];
  });
}

import { expect, test } from 'vitest';
import { compilePatterns } from '../../../../src/lib/logs/pattern/compile-patterns.ts';
import { randomNumbers, type RandomNumbers } from '../random-numbers.ts';

/** The lines of a chunk that match, each looked at alone. */
function lineByLine(pattern: string, chunk: Buffer, start: number): number[][] {
  const { matches } = compilePatterns([pattern]);
  const found: number[][] = [];
  for (let from = start; from < chunk.length;) {
    const feed = chunk.indexOf(0x0a, from);
    const end = feed === -1 ? chunk.length : feed;
    if (matches(chunk, from, end)) found.push([from, end]);
    from = end + 1;
  }
  return found;
}

function scanned(pattern: string, chunk: Buffer, start: number): number[][] {
  const found: number[][] = [];
  compilePatterns([pattern]).scan(chunk, start, chunk.length, (from, end) => found.push([from, end]));
  return found;
}

const words = ['ERROR', 'INFO', 'error', 'a', 'ab', 'id=12ff', '[x]', '', 'INF', 'INFOINFO', '\t', 'é'];

/** Some 40 KB of lines, long and short; the last without its line feed if it says so. */
function chunkOf(random: RandomNumbers, longest: number, isUnended: boolean): Buffer {
  const lines: string[] = [];
  for (let size = 0; size < 40_000; size += lines.at(-1)!.length + 1) {
    const count = random(5) === 0 ? random(longest) : random(6);
    const start = random(3) === 0 ? '' : `12:${10 + random(50)} `;
    lines.push(start + Array.from({ length: count }, () => words[random(words.length)]!).join(' '));
  }
  return Buffer.from(`first line\n${lines.join('\n')}${isUnended ? '' : '\n'}`);
}

const patterns = [
  // A text alone: where it was in one line is where it is looked for in the next.
  ['INFO', 'ERROR', '12:3', 'a', 'INFOINFO', 'no such'],
  // Looked for byte by byte, in four parts of the chunk at once.
  ['[A-Z]+O', 'ff$', '^1.*a$', '^$', '', 'INFO|ERROR|[x]', '(?i)info', 'a .*a .*E', '^[ae]', '.$', '^(.{9})+$'],
  // Looked for by what they must have in them.
  ['ERROR.*INFO', 'id=[0-9a-f]*ff$', '(ERROR|error) .*(ab|id)', '\\bINFO\\b', '(?i)infoinfo infoi', 'ab|é|INFO'],
].flat();

test.each(patterns)('finds %j in a chunk as in each of its lines', (pattern) => {
  const random = randomNumbers(17);
  for (const longest of [8, 400, 20_000]) {
    for (const isUnended of [true, false]) {
      const chunk = chunkOf(random, longest, isUnended);
      const start = chunk.indexOf(0x0a) + 1;
      expect(scanned(pattern, chunk, start)).toEqual(lineByLine(pattern, chunk, start));
    }
  }
});

test('one line as long as the chunk is one line', () => {
  for (const end of ['', '\n']) {
    const chunk = Buffer.from(`${'ab '.repeat(20_000)}x${end}`);
    expect(scanned('[w-z]', chunk, 0)).toEqual([[0, 60_001]]);
    expect(scanned('^a.*x$', chunk, 0)).toEqual([[0, 60_001]]);
    expect(scanned('[v-w]', chunk, 0)).toEqual([]);
  }
});

test('the parts of a chunk stay right when the states of all have been forgotten', () => {
  const random = randomNumbers(23);
  // Which of the last 14 bytes were an a: four times as many states as are kept.
  const pattern = 'a[ab]{13}c';
  const lines = Array.from({ length: 3000 }, () =>
    Array.from({ length: random(80) }, () => 'abababababababababc'[random(19)]!).join(''),
  );
  const chunk = Buffer.from(lines.join('\n'));
  const found = lineByLine(pattern, chunk, 0);
  expect(found.length).toBeGreaterThan(100);
  expect(scanned(pattern, chunk, 0)).toEqual(found);
});

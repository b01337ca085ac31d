import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContextLines, type PrintLine } from '../../../../src/lib/logs/search/context-lines.ts';

/** What is printed of a log whose lines come in blocks of these sizes, when those with an x are found. */
function printed(lines: readonly string[], sizes: readonly number[], before: number, after: number): string[] {
  const output: string[] = [];
  const print: PrintLine = Object.assign(
    (bytes: Buffer, start: number, end: number, number: number, kind: string) => {
      output.push(`${number}${kind === 'match' ? ':' : '-'}${bytes.toString('latin1', start, end)}`);
    },
    { separator: () => void output.push('--') },
  );
  const context = createContextLines({ before, after, lineNumber: true }, print);
  context.begin();
  let at = 0;
  for (let turn = 0; at < lines.length; turn++) {
    const block = lines.slice(at, at + sizes[turn % sizes.length]!);
    const bytes = Buffer.from(block.map((line) => `${line}\n`).join(''));
    context.enter(bytes, at + 1);
    let start = 0;
    for (const line of block) {
      if (line.includes('x')) context.match(start, start + line.length);
      start += line.length + 1;
    }
    context.leave(bytes.length);
    bytes.fill('?');
    at += block.length;
  }
  return output;
}

function expected(lines: readonly string[], before: number, after: number): string[] {
  const isMatch = (index: number) => lines[index]?.includes('x') === true;
  const output: string[] = [];
  let last = -1;
  for (const [index, line] of lines.entries()) {
    const isNear = Array.from({ length: before + after + 1 }, (_, step) => index - after + step).some(isMatch);
    if (!isNear) continue;
    if (last !== -1 && index > last + 1) output.push('--');
    output.push(`${index + 1}${isMatch(index) ? ':' : '-'}${line}`);
    last = index;
  }
  return output;
}

test('the lines around a found one are printed once, in order, however the log is cut into blocks', () => {
  const line = fc.constantFrom('', 'a', 'bb', 'x', 'cx');
  const lines = fc.array(line, { maxLength: 60 });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
  const few = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(lines, sizes, few, few, (all, cut, before, after) => {
      expect(printed(all, cut, before, after)).toEqual(expected(all, before, after));
    }),
    { numRuns: 400 },
  );
});

test('millions of lines that may be wanted cost no more than their bytes, and no time that grows with their number', () => {
  const block = Buffer.from('\n'.repeat(5000));
  let count = 0;
  const print: PrintLine = Object.assign(() => void count++, { separator: () => {} });
  const context = createContextLines({ before: 1_000_000, after: 0, lineNumber: true }, print);
  const start = performance.now();
  const heap = process.memoryUsage().heapUsed;
  context.begin();
  for (let turn = 0; turn < 600; turn++) {
    context.enter(block, turn * 5000);
    context.leave(block.length);
  }
  // A list with each line took a minute, and some hundred bytes for each.
  expect(performance.now() - start).toBeLessThan(3000);
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(50e6);
  context.enter(block, 3_000_000);
  context.match(0, 0);
  expect(count).toBe(1_000_001);
});

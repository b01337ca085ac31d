import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter } from '../../../../src/lib/logs/source/split-lines.ts';
import type { LineBlock } from '../../../../src/lib/logs/source/split-lines.ts';

interface Block {
  text: string;
  startsLine: boolean;
  endsLine: boolean;
}

function copy({ bytes, startsLine, endsLine }: LineBlock): Block {
  return { text: bytes.toString('latin1'), startsLine, endsLine };
}

/** All chunks come in the same memory, as from a file. */
function split(chunks: readonly string[], longestLine: number): Block[] {
  const splitter = createLineSplitter({ longestLine });
  const memory = Buffer.alloc(Math.max(1, ...chunks.map((chunk) => chunk.length)));
  const blocks = chunks.flatMap((chunk) => {
    const length = memory.write(chunk, 'latin1');
    return splitter.push(memory.subarray(0, length)).map(copy);
  });
  const last = splitter.end();
  return last === undefined ? blocks : [...blocks, copy(last)];
}

test('lines are given out whole, wherever the chunks end', () => {
  const whole = { startsLine: true, endsLine: true };
  expect(split(['one\ntwo\nth', 'ree\nfour\n', 'fi', 've'], 100)).toEqual([
    { text: 'one\ntwo\n', ...whole },
    { text: 'three\n', ...whole },
    { text: 'four\n', ...whole },
    { text: 'five', startsLine: true, endsLine: false },
  ]);
});

test('a line that is too long is cut, and each piece says so', () => {
  expect(split(['abc', 'defgh', 'ij\nnext\n'], 4)).toEqual([
    { text: 'abcd', startsLine: true, endsLine: false },
    { text: 'efgh', startsLine: false, endsLine: false },
    { text: 'ij\n', startsLine: false, endsLine: true },
    { text: 'next\n', startsLine: true, endsLine: true },
  ]);
});

test('all blocks together are what came, and only a line that is too long or the last one is cut', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', '\xff'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.integer({ min: 1, max: 12 }), (chunks, longestLine) => {
      const text = chunks.join('');
      const blocks = split(chunks, longestLine);
      expect(blocks.map((block) => block.text).join('')).toBe(text);
      let at = 0;
      for (const block of blocks) {
        expect(block.startsLine).toBe(at === 0 || text[at - 1] === '\n');
        at += block.text.length;
        expect(block.endsLine).toBe(block.text.endsWith('\n'));
        if (block.endsLine || at === text.length) continue;
        expect(block.text).toHaveLength(longestLine);
        expect(block.text).not.toContain('\n');
      }
    }),
  );
});

test('a line of 64 MiB in chunks of 4 KiB takes no quadratic time and twice its size at the most', () => {
  const size = 64 * 1024 * 1024;
  const chunk = Buffer.alloc(4096, 0x61);
  const splitter = createLineSplitter({ longestLine: size });
  const started = performance.now();
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 1; count < size / chunk.length; count++) expect(splitter.push(chunk).length).toBe(0);
  expect(splitter.carriedBytes()).toBe(size - 4096);
  const end = Buffer.alloc(4096, 0x61);
  end[4095] = 0x0a;
  const blocks = splitter.push(end);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(size * 2.1);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(blocks.map(({ bytes, startsLine, endsLine }) => [bytes.length, startsLine, endsLine])).toEqual([
    [size, true, true],
  ]);
});

test('a line longer than 256 KiB is put together in order', () => {
  const line = `${Array.from({ length: 200_000 }, (_, index) => index).join(',')}\n`;
  const chunks = Array.from({ length: Math.ceil(line.length / 70_001) }, (_, index) =>
    line.slice(index * 70_001, (index + 1) * 70_001),
  );
  expect(split([...chunks, 'after\n'], 1 << 26)).toEqual([
    { text: line, startsLine: true, endsLine: true },
    { text: 'after\n', startsLine: true, endsLine: true },
  ]);
});

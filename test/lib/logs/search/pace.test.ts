import { expect, test } from 'vitest';
import { createPace } from '../../../../src/lib/logs/search/pace.ts';

/** A clock that the work itself moves on. */
function paced() {
  const clock = { milliseconds: 0 };
  const told: number[] = [];
  const pace = createPace(
    () => clock.milliseconds,
    (_, rate) => told.push(rate),
  );
  const work = (bytes: Buffer, millisecondsPerKiB: number): number[] => {
    const sizes: number[] = [];
    for (const piece of pace.cut(bytes)) {
      pace.measure(piece, () => (clock.milliseconds += (piece.length / 1024) * millisecondsPerKiB));
      sizes.push(piece.length);
    }
    return sizes;
  };
  return { pace, told, work };
}

const block = Buffer.from('a line of a log\n'.repeat(16_384));

test('a block is first looked at in a small piece, and then as a whole while it goes fast', () => {
  const { pace, told, work } = paced();
  expect(work(block, 0.004)).toEqual([8208, block.length - 8208]);
  expect(work(block, 0.004)).toEqual([block.length]);
  expect(pace.needsTurn()).toBe(false);
  expect(told).toEqual([]);
});

test('a search that crawls gets pieces of a tenth of a second, and is told once', () => {
  const { pace, told, work } = paced();
  const sizes = work(block, 20);
  expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(5 * 1024 + 16);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(block.length);
  expect(pace.needsTurn()).toBe(true);
  expect(told).toHaveLength(1);
  expect(told[0]).toBeCloseTo(51_200, -2);
});

test('pieces end with lines, however long these are', () => {
  const { work } = paced();
  const long = Buffer.from(`${'x'.repeat(100_000)}\n`.repeat(3));
  expect(work(long, 50)).toEqual([100_001, 100_001, 100_001]);
});

import { expect, test } from 'vitest';
import { filesInWindow } from '../../../../src/lib/logs/window/skipped-files.ts';

/** Files that begin at these times, oldest first, and the names of those that are kept. */
function kept(firstTimes: readonly (number | undefined)[], sinceMs: number, untilMs: number, toleranceMs = 0): string {
  const files = firstTimes.map((firstMs, index) => ({ name: 'abcdef'[index]!, firstMs }));
  const all = filesInWindow(files, { sinceMs, untilMs }, toleranceMs);
  return all.map(({ name }) => name).join('');
}

test.each([
  ['within one file', 120, 180, 'a'],
  ['up to the begin of a file, which is not in it', 120, 200, 'a'],
  ['from the begin of a file, with which the one before may have ended', 200, 250, 'ab'],
  ['over several', 250, 310, 'bc'],
  ['before all', 0, 100, ''],
  ['behind all', 900, 950, 'c'],
  ['around all', 0, 900, 'abc'],
])('files are kept by their first times: %s', (_, since, until, expected) => {
  expect(kept([100, 200, 300], since, until)).toBe(expected);
});

test('the tolerance counts at both ends of a file', () => {
  expect(kept([100, 200, 300], 210, 290, 9)).toBe('b');
  expect(kept([100, 200, 300], 210, 290, 10)).toBe('ab');
  expect(kept([100, 200, 300], 210, 291, 10)).toBe('abc');
});

test('a window may be open at one end', () => {
  const files = [{ firstMs: 100 }, { firstMs: 200 }, { firstMs: 300 }];
  expect(filesInWindow(files, { sinceMs: 250 }, 0)).toEqual(files.slice(1));
  expect(filesInWindow(files, { untilMs: 200 }, 0)).toEqual(files.slice(0, 1));
  expect(filesInWindow(files, {}, 0)).toEqual(files);
});

test('files whose first time is not known are kept, and end nothing', () => {
  expect(kept([undefined, 100, undefined, 200, undefined], 150, 160)).toBe('abce');
  expect(kept([undefined, undefined], 0, 1)).toBe('ab');
  expect(kept([], 0, 1)).toBe('');
});

test('all files are kept when their first times are not ascending', () => {
  expect(kept([300, 200, 400], 410, 420)).toBe('abc');
  expect(kept([300, undefined, 200], 410, 420)).toBe('abc');
  expect(kept([200, 200, 400], 410, 420)).toBe('c');
});

test('a file lasts as long as the next one may begin, when its local time was shown twice', () => {
  const files = [{ firstMs: 1000 }, { firstMs: 5000, firstLatestMs: 8600 }, { firstMs: 9000 }];
  expect(filesInWindow(files, { sinceMs: 8000, untilMs: 8100 }, 0)).toEqual(files.slice(0, 2));
  expect(filesInWindow(files, { sinceMs: 8700, untilMs: 8800 }, 0)).toEqual(files.slice(1, 2));
  const repeated = [{ firstMs: 5500 }, { firstMs: 5000, firstLatestMs: 8600 }, { firstMs: 9000 }];
  expect(filesInWindow(repeated, { sinceMs: 8700, untilMs: 8800 }, 0)).toEqual(repeated.slice(1, 2));
});

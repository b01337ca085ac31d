import { expect, test } from 'vitest';
import { createProgress } from '../../src/terminal/progress.ts';
import { width } from '../../src/terminal/width.ts';
import { testRuntime } from '../support/test-runtime.ts';

/** Progress on a terminal, and a clock that the test sets. */
function progressOn(terminalColumns: number | undefined, { enabled = true, unicode = false } = {}) {
  const { runtime, stderr } = testRuntime(terminalColumns === undefined ? {} : { terminalColumns });
  const clock = { milliseconds: 1000 };
  const progress = createProgress(runtime.stderr, enabled, unicode, () => new Date(clock.milliseconds));
  return { progress, clock, written: stderr };
}

/** The lines as they were drawn, one over the other. */
const drawn = (text: string): string[] => text.split(/\r|\u001B\[K/).filter((line) => line !== '');

test('it is drawn ten times a second at most, each time over the last one', () => {
  const { progress, clock, written } = progressOn(80);
  for (let done = 0; done < 1000; done++) {
    progress.update('files', done, 1000);
    clock.milliseconds++;
  }
  const lines = drawn(written());
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe('.................... 0/1000 files');
  expect(lines[5]).toBe('##########.......... 500/1000 files');
  expect(written()).not.toContain('\n');
});

test('what came last is drawn although nothing comes after it, unless all was cleared meanwhile', async () => {
  const { progress, written } = progressOn(80);
  const update = () => {
    progress.update('files', 1, 2);
    progress.update('files', 2, 2);
  };
  update();
  await expect
    .poll(() => drawn(written()))
    .toEqual(['##########.......... 1/2 files', '#################### 2/2 files']);
  progress.clear();
  update();
  progress.clear();
  const before = written();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(written()).toBe(before);
});

test('what has no known end is counted', () => {
  const { progress, written } = progressOn(80);
  progress.update('lines', 12);
  expect(drawn(written())).toEqual(['lines 12']);
});

test('it is cut before the end of the line, where a terminal would begin the next one', () => {
  const { progress, clock, written } = progressOn(40, { unicode: true });
  progress.update('書'.repeat(100), 1, 2);
  clock.milliseconds += 100;
  progress.update('x'.repeat(100), 1);
  for (const line of drawn(written())) expect(width(line)).toBeLessThanOrEqual(39);
});

test('a label cannot move the cursor', () => {
  const { progress, written } = progressOn(80);
  progress.update('a\n\u001B[2Jb', 1);
  expect(drawn(written())).toEqual([String.raw`a\n\x1b[2Jb 1`]);
});

test('clear takes away what was drawn, and nothing else', () => {
  const { progress, written } = progressOn(80);
  progress.clear();
  expect(written()).toBe('');
  progress.update('files', 1);
  progress.clear();
  progress.clear();
  expect(written()).toBe('\rfiles 1\u001B[K\r\u001B[K');
});

test.each([
  [undefined, true],
  [80, false],
])('at %s columns, wanted: %s, it is silent', (columns, enabled) => {
  const { progress, written } = progressOn(columns, { enabled });
  progress.update('files', 1, 2);
  progress.clear();
  expect(written()).toBe('');
});

// The rejection that nobody hears would fail the whole run of the tests.
test('a terminal that is gone does not stop the work', async () => {
  const { stderr } = testRuntime({ terminalColumns: 80 }).runtime;
  const gone = { ...stderr, write: () => Promise.reject(new Error('EIO')) };
  const progress = createProgress(gone, true, false, () => new Date(1000));
  expect(() => progress.update('files', 1)).not.toThrow();
  await new Promise((resolve) => setImmediate(resolve));
});

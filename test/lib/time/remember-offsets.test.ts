import { expect, test } from 'vitest';
import { rememberOffsets } from '../../../src/lib/time/remember-offsets.ts';

/** Changes its offset at these moments, between 0 and 3600, and counts the questions. */
function countingRules(...transitions: number[]): { count: number; name: string; offsetSeconds(at: number): number } {
  return {
    count: 0,
    name: 'Test/Counting',
    offsetSeconds(at) {
      this.count++;
      return transitions.filter((transition) => transition <= at).length % 2 === 0 ? 0 : 3600;
    },
  };
}

const day = 86_400;

test('a million neighbouring moments ask the rules as often as one', () => {
  const rules = countingRules(1.75e9, 1.8e9);
  const { offsetSeconds } = rememberOffsets(rules);
  let sum = 0;
  for (let moment = 1.79e9; moment < 1.791e9; moment += 1000.5) sum += offsetSeconds(moment);
  expect(sum).toBe(1000 * 3600);
  expect(rules.count).toBeLessThan(150);
});

test('going back and forth over a transition asks nothing anew', () => {
  const rules = countingRules(1.79e9);
  const { offsetSeconds } = rememberOffsets(rules);
  for (let round = 0; round < 1000; round++) {
    expect(offsetSeconds(1.79e9 - 0.001)).toBe(0);
    expect(offsetSeconds(1.79e9)).toBe(3600);
  }
  expect(rules.count).toBeLessThan(300);
});

test('two transitions a week apart are both seen, wherever one starts', () => {
  const [first, second] = [1.79e9, 1.79e9 + 7 * day - 3600];
  for (let start = first - 30 * day; start < second + 30 * day; start += day / 3) {
    const { offsetSeconds } = rememberOffsets(countingRules(first, second));
    offsetSeconds(start);
    expect([first - 1, first, second - 1, second].map(offsetSeconds)).toEqual([0, 3600, 3600, 0]);
  }
});

test('senseless moments of all times cost a question each, and no memory', () => {
  const rules = countingRules(0);
  const { offsetSeconds } = rememberOffsets(rules);
  for (let count = 0; count < 10_000; count++) offsetSeconds((count - 5000) * 1e9);
  expect(rules.count).toBeLessThan(20_000);
});

test('steady is what the last answer holds for, and no more', () => {
  const transition = 1.79e9;
  const { offsetSeconds, isSteady } = rememberOffsets(countingRules(transition));
  offsetSeconds(transition - day);
  expect(isSteady(transition - 2 * day, transition - 1)).toBe(true);
  expect(isSteady(transition - 2 * day, transition)).toBe(false);
  offsetSeconds(transition + day);
  expect(isSteady(transition, transition + day)).toBe(true);
  expect(isSteady(transition - 1, transition + day)).toBe(false);
});

test('when no more is remembered, the answer before the last is not taken for the last one', () => {
  const { offsetSeconds, isSteady } = rememberOffsets(countingRules(0));
  for (let count = 1; count <= 70; count++) offsetSeconds(count * 1e9);
  offsetSeconds(1e9);
  expect(isSteady(1e9 - day, 1e9 + day)).toBe(true);
  expect(offsetSeconds(-1e9)).toBe(0);
  expect(isSteady(1e9 - day, 1e9 + day)).toBe(false);
});
